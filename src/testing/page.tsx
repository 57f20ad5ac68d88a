import { render } from '@testing-library/react';
import React, { ReactElement } from 'react';
import { MemoryRouter } from 'react-router-dom';

/** Renders a page at an address of the app. */
export const renderAt = (page: ReactElement, address = '/') =>
  render(<MemoryRouter initialEntries={[address]}>{page}</MemoryRouter>);

/** Grafana's parts that only a running Grafana has: the page's frame and the renderer of panels. */
export const grafanaParts = () => ({
  ...jest.requireActual('@grafana/runtime'),
  PluginPage: ({
    renderTitle,
    subTitle,
    actions,
    children,
  }: {
    renderTitle?: (title: string) => React.ReactNode;
    subTitle?: React.ReactNode;
    actions?: React.ReactNode;
    children: React.ReactNode;
  }) => (
    <div>
      {renderTitle?.('')}
      {subTitle}
      {actions}
      {children}
    </div>
  ),
  PanelRenderer: ({
    title,
    data,
    onChangeTimeRange,
  }: {
    title: string;
    data: { series: unknown[]; annotations?: Array<{ length: number }> };
    onChangeTimeRange?: (range: { from: number; to: number }) => void;
  }) => (
    <button
      data-testid="panel"
      data-series={data.series.length}
      data-regions={data.annotations?.[0]?.length ?? 0}
      onClick={() =>
        onChangeTimeRange?.({ from: Date.parse('2026-02-20T10:00:00Z'), to: Date.parse('2026-02-20T12:00:00Z') })
      }
    >
      {title}
    </button>
  ),
});
