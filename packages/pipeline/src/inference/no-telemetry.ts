/**
 * From 1.29 on the runtime reports to its maker, unasked, what models it loads (names, hashes, the machine's number),
 * unless this stands in the environment before it is loaded: https://github.com/microsoft/onnxruntime/pull/27379.
 * Nothing of a recording's analysis leaves the machine. To be imported before it.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';
