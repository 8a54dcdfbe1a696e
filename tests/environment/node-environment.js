const { TestEnvironment } = require('jest-environment-node');

/** onnxruntime-node refuses typed arrays of another realm: lend it the outer ones. */
class RealmEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
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
