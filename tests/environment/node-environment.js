const { chmodSync, mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { TestEnvironment } = require('jest-environment-node');

/**
 * onnxruntime-node refuses typed arrays of another realm: lend it the outer ones. Whatever a suite and what it starts
 * put into the temporary folder goes when it is over.
 */
class RealmEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    this.outside = process.env.TMPDIR;
    this.folder = mkdtempSync(join(tmpdir(), 'bonafide-test-'));
    // Some suites act as another user, too.
    chmodSync(this.folder, 0o755);
    // Node's own modules read the one, what a suite starts hears the other.
    process.env.TMPDIR = this.global.process.env.TMPDIR = this.folder;
    // Workers are started by the hundred here, and none of them has to be quick with its first recording.
    this.global.process.env.WARM_UP_ROUNDS ??= '0';
    Object.assign(this.global, {
      Float32Array,
      Float64Array,
      Int32Array,
      BigInt64Array,
      Uint8Array,
      ArrayBuffer,
    });
  }

  async teardown() {
    await super.teardown();
    if (this.outside === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = this.outside;
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

module.exports = RealmEnvironment;
