import { defineConfig } from 'vite';
import { budget } from './build/budget.ts';
import { compressed } from './build/compressed.ts';
import { samples } from './build/samples.ts';

/** No inline script, style or asset comes out of this: the pages' Content-Security-Policy lets none in. */
export default defineConfig({
  plugins: [samples(), budget(), compressed()],
  resolve: { conditions: ['source', 'browser', 'module', 'import', 'default'] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      onwarn: (warning, warn) => {
        // The spectrogram asks for Node's workers only where there is no browser.
        if (!warning.message?.includes('"worker_threads" has been externalized')) warn(warning);
      },
    },
  },
  logLevel: 'warn',
});
