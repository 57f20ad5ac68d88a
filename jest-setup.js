// Jest setup provided by Grafana scaffolding
import './.config/jest-setup';

// jsdom draws nothing; Grafana's pickers only want to know how wide a text is
HTMLCanvasElement.prototype.getContext = () => ({ measureText: (text) => ({ width: 8 * text.length }) });

// jsdom has no layout: every element is as wide as this
global.ResizeObserver = class {
  constructor(callback) {
    this.callback = callback;
  }
  observe() {
    this.callback([{ contentRect: { width: 800, height: 400 } }]);
  }
  unobserve() {}
  disconnect() {}
};

// i18next advertises on the console
jest.spyOn(console, 'info').mockImplementation(() => undefined);
