// Jest setup provided by Grafana scaffolding
import './.config/jest-setup';
import { configure } from '@testing-library/react';

// a busy machine takes its time until a page shows what is awaited
configure({ asyncUtilTimeout: 10_000 });

// jsdom draws nothing; Grafana's pickers only want to know how wide a text is
HTMLCanvasElement.prototype.getContext = () => ({ measureText: (text) => ({ width: 8 * text.length }) });

// jsdom has no layout: every element is as wide as this
global.ResizeObserver = class {
  constructor(callback) {
    this.callback = callback;
  }
  observe(target) {
    this.callback([{ target, contentRect: { width: 800, height: 400 } }]);
  }
  unobserve() {}
  disconnect() {}
};

// jsdom weighs every rule of every style sheet at each question: two thirds of the time, for a page that it never lays out
window.getComputedStyle = (element) => element.style;

// without layout nothing is ever scrolled into view
global.IntersectionObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

// i18next advertises on the console
jest.spyOn(console, 'info').mockImplementation(() => undefined);

// a test that ends before what it shows is there says nothing about it, and the next one may find it in its way
const unawaited = [];
const logged = console.error;
console.error = (...args) => {
  if (String(args[0]).includes('not wrapped in act(')) {
    unawaited.push(args[1]);
  }
  logged(...args);
};
afterEach(() => {
  const components = unawaited.splice(0);
  if (components.length > 0) {
    throw new Error(
      `The test did not wait for what ${components.join(', ')} showed later: use findBy, waitFor or settle`
    );
  }
});
