import { act } from '@testing-library/react';

/** Waits until what a component asked for when it was rendered has been answered and shown. */
export const settle = () => act(async () => undefined);
