import { useTheme2 } from '@grafana/ui';
import React from 'react';

import { QueryType } from '../datasource/types';

const WIDTH = 56;
const HEIGHT = 36;

/** A small picture of what a purpose draws, in the colours that have the same meaning everywhere. */
export function PurposePicture({ type }: { type: QueryType }) {
  const { visualization } = useTheme2();
  const color = (name: string) => visualization.getColorByName(name);
  const actual = { fill: 'none', stroke: color('blue'), strokeWidth: 2 };
  const ahead = { fill: 'none', stroke: color('semi-dark-orange'), strokeWidth: 2, strokeDasharray: '3 3' };
  const band = { fill: color('semi-dark-orange'), opacity: 0.2 };
  const red = color('red');
  const limit = { stroke: red, strokeWidth: 1, strokeDasharray: '2 2' };
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" style={{ flex: 'none' }}>
      {type === 'forecast' && (
        <>
          <polygon {...band} points="28,14 40,6 56,0 56,24 40,24 28,22" />
          <path {...actual} d="M0 26 L8 20 L14 24 L20 16 L28 18" />
          <path {...ahead} d="M28 18 L40 14 L56 11" />
        </>
      )}
      {type === 'anomaly' && (
        <>
          <polygon {...band} points="0,12 14,8 28,14 42,8 56,12 56,28 42,24 28,30 14,24 0,28" />
          <path {...actual} d="M0 20 L10 16 L20 20 L28 22 L34 4 L40 17 L56 20" />
          <circle cx="34" cy="4" r="3" fill={red} />
        </>
      )}
      {type === 'warning' && (
        <>
          <line {...limit} x1="0" y1="5" x2={WIDTH} y2="5" />
          <path {...actual} d="M0 32 L12 28 L20 26 L30 20" />
          <path {...ahead} d="M30 20 L50 5" />
          <circle cx="50" cy="5" r="3" fill={color('orange')} />
        </>
      )}
      {type === 'outlier' && (
        <>
          <path {...actual} opacity={0.5} d="M0 28 L18 25 L36 28 L56 26" />
          <path {...actual} opacity={0.5} d="M0 24 L18 22 L36 24 L56 22" />
          <path {...actual} stroke={red} d="M0 20 L18 17 L36 8 L56 5" />
        </>
      )}
      {type === 'composite' && (
        <>
          <path {...actual} d="M0 8 L24 8 L30 4 L36 8" />
          <path {...actual} stroke={color('green')} d="M0 18 L22 18 L30 14 L36 18" />
          <path {...actual} stroke={color('purple')} d="M0 30 L20 30 L30 22 L36 30" />
          <path stroke={red} strokeWidth={2} fill="none" d="M38 18 L46 18" />
          <circle cx="50" cy="18" r="4" fill={red} />
        </>
      )}
    </svg>
  );
}
