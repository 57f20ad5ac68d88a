// force timezone to UTC to allow tests to work regardless of local timezone
// generally used by snapshots, but can affect specific tests
process.env.TZ = 'UTC';

const base = require('./.config/jest.config');
const [swc] = Object.values(base.transform);

module.exports = {
  // Jest configuration provided by Grafana scaffolding
  ...base,
  // the scaffold's stand-in takes seconds over pictures given as data
  moduleNameMapper: { ...base.moduleNameMapper, 'react-inlinesvg': '<rootDir>/src/testing/svg.tsx' },
  // a busy machine takes its time over a page
  testTimeout: 30_000,
  // some of Grafana's dependencies come as .mjs only
  transform: { ...base.transform, '^.+\\.mjs$': swc },
};
