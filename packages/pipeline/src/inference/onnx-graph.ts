import { Reader, Writer } from 'protobufjs/minimal';

export type OnnxNode = { bytes: Uint8Array; op: string; inputs: string[]; outputs: string[] };
export type OnnxInitializer = { bytes: Uint8Array; name: string; numbers: number };
export type OnnxValue = { bytes: Uint8Array; name: string };

/** What a graph is made of; nodes in an order in which each finds what it needs. */
export type GraphContent = {
  nodes: readonly OnnxNode[];
  initializers: readonly OnnxInitializer[];
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
};

/**
 * An ONNX model taken apart: only what tells who computes what from what; everything else is kept as the bytes that
 * it is. Field numbers are those of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
 */
export type OnnxGraph = GraphContent & {
  /** Whether nothing in it sees more than its own inputs: no graphs inside of nodes, no entries but those named here. */
  isPlain: () => boolean;
  /** The same model with a graph of this in the place of its own. */
  written: (content: GraphContent) => Uint8Array;
};

/** `bytes` are those of the whole field, `content` what it holds where that is more than a number (of 32 bits here). */
type Field = { id: number; bytes: Uint8Array; content: Uint8Array; number: number };

const MODEL = { graph: 7 };
const GRAPH = {
  node: 1,
  name: 2,
  initializer: 5,
  input: 11,
  output: 12,
  /** Descriptions (doc_string, value_info, metadata_props), which a part does without. */
  described: [10, 13, 16],
};
const KNOWN = new Set([
  GRAPH.node,
  GRAPH.name,
  GRAPH.initializer,
  GRAPH.input,
  GRAPH.output,
  ...GRAPH.described,
]);
const NODE = { input: 1, output: 2, op: 4, attribute: 5 };
const ATTRIBUTE = { graph: 6, graphs: 11 };
const TENSOR = { dims: 1, name: 8 };
const VALUE = { name: 1 };
const LENGTH_DELIMITED = 2;

/** @throws Error where the bytes are no model */
export function readOnnxGraph(model: Uint8Array): OnnxGraph {
  const around = fieldsOf(model);
  const fields = around.filter(({ id }) => id === MODEL.graph).flatMap(({ content }) => fieldsOf(content));
  const listed = (wanted: number) => fields.filter(({ id }) => id === wanted);
  const values = (id: number) =>
    listed(id).map(({ bytes, content }) => ({ bytes, name: textOf(fieldsOf(content), VALUE.name) }));
  return {
    nodes: listed(GRAPH.node).map(nodeOf),
    initializers: listed(GRAPH.initializer).map(initializerOf),
    inputs: values(GRAPH.input),
    outputs: values(GRAPH.output),
    isPlain: () => fields.every(({ id }) => KNOWN.has(id)) && !listed(GRAPH.node).some(hasGraphs),
    written: ({ nodes, initializers, inputs, outputs }) => {
      const kept = [...listed(GRAPH.name), ...nodes, ...initializers, ...inputs, ...outputs];
      const length = sum(kept.map(({ bytes }) => bytes.length));
      const opening = new Writer().uint32(tagOf(MODEL.graph)).uint32(length).finish();
      return joined([...around.filter(({ id }) => id !== MODEL.graph), { bytes: opening }, ...kept]);
    },
  };
}

/** An entry of a graph's inputs: a tensor of a type (onnx.proto's number) and a shape, a name for each free axis. */
export function inputValue(name: string, type: number, shape: readonly (number | string)[]): OnnxValue {
  const dims = new Writer();
  for (const axis of shape) {
    const dim =
      typeof axis === 'number' ? new Writer().uint32(8).int64(axis) : new Writer().uint32(18).string(axis);
    dims.uint32(tagOf(1)).bytes(dim.finish());
  }
  const tensor = new Writer().uint32(8).int32(type).uint32(tagOf(2)).bytes(dims.finish()).finish();
  const described = new Writer().uint32(tagOf(1)).bytes(tensor).finish();
  const value = new Writer()
    .uint32(tagOf(VALUE.name))
    .string(name)
    .uint32(tagOf(2))
    .bytes(described)
    .finish();
  return { name, bytes: new Writer().uint32(tagOf(GRAPH.input)).bytes(value).finish() };
}

/** An entry of a graph's outputs, whose type the runtime finds out. */
export function outputValue(name: string): OnnxValue {
  const value = new Writer().uint32(tagOf(VALUE.name)).string(name).finish();
  return { name, bytes: new Writer().uint32(tagOf(GRAPH.output)).bytes(value).finish() };
}

function nodeOf({ bytes, content }: Field): OnnxNode {
  const fields = fieldsOf(content);
  const texts = (wanted: number) => fields.filter(({ id }) => id === wanted).map((field) => text(field));
  return { bytes, op: textOf(fields, NODE.op), inputs: texts(NODE.input), outputs: texts(NODE.output) };
}

function hasGraphs({ content }: Field): boolean {
  return fieldsOf(content).some(
    ({ id, content: attribute }) =>
      id === NODE.attribute &&
      fieldsOf(attribute).some(({ id: kind }) => kind === ATTRIBUTE.graph || kind === ATTRIBUTE.graphs),
  );
}

function initializerOf({ bytes, content }: Field): OnnxInitializer {
  const fields = fieldsOf(content);
  const dims = fields.filter(({ id }) => id === TENSOR.dims);
  return {
    bytes,
    name: textOf(fields, TENSOR.name),
    numbers: dims.flatMap(numbersOf).reduce((a, b) => a * b, 1),
  };
}

/** Of a repeated number: one, or several that are packed together. */
function numbersOf({ content, number }: Field): number[] {
  if (content.length === 0) return [number];
  const reader = Reader.create(content);
  const numbers: number[] = [];
  while (reader.pos < reader.len) numbers.push(reader.uint32());
  return numbers;
}

function fieldsOf(message: Uint8Array): Field[] {
  const reader = Reader.create(message);
  const fields: Field[] = [];
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    const [id, kind] = [tag >>> 3, tag & 7];
    const content = kind === LENGTH_DELIMITED ? reader.bytes() : message.subarray(0, 0);
    const number = kind === 0 ? reader.uint32() : 0;
    if (kind !== LENGTH_DELIMITED && kind !== 0) reader.skipType(kind);
    fields.push({ id, content, number, bytes: message.subarray(start, reader.pos) });
  }
  return fields;
}

const tagOf = (id: number) => (id << 3) | LENGTH_DELIMITED;
const text = ({ content }: Field) => new TextDecoder().decode(content);

function textOf(fields: readonly Field[], wanted: number): string {
  const found = fields.find(({ id }) => id === wanted);
  return found ? text(found) : '';
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

function joined(fields: readonly { bytes: Uint8Array }[]): Uint8Array {
  return Buffer.concat(fields.map(({ bytes }) => bytes));
}
