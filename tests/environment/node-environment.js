const { TestEnvironment } = require('jest-environment-node');

/** onnxruntime-node refuses typed arrays of another realm: lend it the outer ones. */
class RealmEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
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
}

module.exports = RealmEnvironment;
