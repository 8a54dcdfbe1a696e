import {
  type OnnxGraph,
  type OnnxInitializer,
  type OnnxNode,
  inputValue,
  outputValue,
  readOnnxGraph,
} from './onnx-graph';

/**
 * What a part costs about, in weights read: for a window of 4 s some 20 ms on a slow core, in which the runtime holds
 * the event loop. Each further part costs copies of what is handed on.
 */
const PART_COST = 4_000_000;
/** Whatever a graph says that it weighs. */
const MOST_PARTS = 16;
/** What a step costs beside the weights that it reads: statistics over frames read none, and are many. */
const STEP_COST = 15_000;
/** Read by one step: a long one. */
const MANY_WEIGHTS = 100_000;

/** What a part gets from one before it, as the runtime describes it. */
export type Described = { type: number; shape: readonly (number | string)[] };

/** A piece of a graph: it takes values of the sound or of the parts before it, and gives what those after it need. */
export type GraphPart = {
  takes: readonly string[];
  gives: readonly string[];
  /** The piece as a model of its own. `describe` tells of what a part before it gives. */
  written: (describe: (name: string) => Described) => Uint8Array;
};

/** Parts that run one after the other and give what the whole gives: its outputs, in its order. */
export type CutGraph = { parts: readonly GraphPart[]; outputs: readonly string[] };

/** @returns null where a graph is short enough, or of a kind that is not cut. @throws Error where the bytes are no model */
export function cutGraph(model: Uint8Array): CutGraph | null {
  const graph = readOnnxGraph(model);
  const constants = constantsOf(graph);
  const computed = graph.nodes.filter(({ outputs }) => !constants.has(outputs[0]));
  const steps = soonest(computed.map((node) => ({ ...node, weights: weightsOf(node, constants) })));
  const cost = sum(steps.map(costOf));
  const count = Math.min(MOST_PARTS, Math.ceil(cost / PART_COST));
  const made = new Set(steps.flatMap(({ outputs }) => outputs));
  if (count < 2 || !graph.outputs.every(({ name }) => made.has(name)) || !graph.isPlain()) return null;
  const groups = inGroups(steps, count);
  const parts = groups.map((own, at) => {
    const later = new Set(groups.slice(at + 1).flatMap((group) => group.flatMap(({ inputs }) => inputs)));
    for (const { name } of graph.outputs) later.add(name);
    const gives = own.flatMap(({ outputs }) => outputs.filter((name) => later.has(name)));
    return partOf(graph, own, gives, constants);
  });
  return { parts, outputs: graph.outputs.map(({ name }) => name) };
}

type Constant = { weights: number; from: OnnxNode | OnnxInitializer };

/** What depends on no input, by name: the runtime computes it once, so it counts with whoever reads it. */
function constantsOf({ nodes, initializers }: OnnxGraph): Map<string, Constant> {
  const constants = new Map<string, Constant>();
  for (const from of initializers) constants.set(from.name, { weights: from.numbers, from });
  for (const from of nodes) {
    const inputs = named(from.inputs);
    if (from.op !== 'Constant' && (inputs.length === 0 || !inputs.every((name) => constants.has(name))))
      continue;
    const weights = weightsOf(from, constants);
    for (const name of from.outputs) constants.set(name, { weights, from });
  }
  return constants;
}

function weightsOf({ inputs }: OnnxNode, constants: ReadonlyMap<string, Constant>): number {
  return sum(inputs.map((name) => constants.get(name)?.weights ?? 0));
}

/** A node that depends on the input, and how many weights it reads. */
type Step = OnnxNode & { weights: number };

const isLong = ({ weights }: Step) => weights >= MANY_WEIGHTS;
const costOf = ({ weights }: Step) => STEP_COST + weights;

/**
 * The same steps, those first after a long one on which no further long one waits: a part then hands on statistics of
 * frames, not the frames, and what is handed on costs a copy and the collection of it.
 */
function soonest(steps: readonly Step[]): Step[] {
  const awaited = new Set<string>();
  for (const step of [...steps].reverse()) {
    const isAwaited = step.outputs.some((name) => awaited.has(name));
    if (isAwaited || isLong(step)) for (const name of step.inputs) awaited.add(name);
  }
  const placeOf = new Map<string, number>();
  let place = 0;
  const placed = steps.map((step) => {
    const ready = Math.max(0, ...step.inputs.map((name) => placeOf.get(name) ?? 0));
    const isAwaited = step.outputs.some((name) => awaited.has(name));
    const own = isLong(step) ? ++place : isAwaited ? Math.floor(ready) + 0.5 : ready;
    for (const name of step.outputs) placeOf.set(name, own);
    return { step, own };
  });
  return placed.sort((a, b) => a.own - b.own).map(({ step }) => step);
}

/** In `count` groups, or fewer, that follow each other and cost about the same, cut where little is handed on. */
function inGroups(steps: readonly Step[], count: number): Step[][] {
  const handed = handedOn(steps);
  let whole = 0;
  const before = steps.map((step) => (whole += costOf(step)) - costOf(step));
  const cuts = Array.from({ length: count - 1 }, (_, at) => {
    const off = (cut: number) => Math.abs((before[cut] * count) / whole - (at + 1));
    const near = [...steps.keys()].filter((cut) => off(cut) < 0.5);
    return near.sort((a, b) => handed[a] + off(a) - handed[b] - off(b)).slice(0, 1);
  }).flat();
  return [0, ...cuts].map((cut, at) => steps.slice(cut, cuts[at]));
}

/** Of each cut, how many values are made before it and read behind it. */
function handedOn(steps: readonly Step[]): number[] {
  const lastRead = new Map<string, number>();
  for (const [at, { inputs }] of steps.entries()) for (const name of inputs) lastRead.set(name, at);
  const counts = steps.map(() => 0);
  for (const [made, { outputs }] of steps.entries()) {
    for (const name of outputs) {
      for (let cut = made + 1; cut <= (lastRead.get(name) ?? 0); cut++) counts[cut]++;
    }
  }
  return counts;
}

function partOf(
  graph: OnnxGraph,
  own: readonly Step[],
  gives: string[],
  constants: ReadonlyMap<string, Constant>,
): GraphPart {
  const needed = new Set<OnnxNode | OnnxInitializer>();
  const takes = new Set<string>();
  const made = new Set(own.flatMap(({ outputs }) => outputs));
  const need = (name: string) => {
    const from = constants.get(name)?.from;
    if (!from) {
      if (!made.has(name)) takes.add(name);
    } else if (!needed.has(from)) {
      needed.add(from);
      if ('inputs' in from) named(from.inputs).forEach(need);
    }
  };
  for (const { inputs } of own) named(inputs).forEach(need);
  const initializers = graph.initializers.filter((each) => needed.has(each));
  const isKept = (name: string) => takes.has(name) || initializers.some((each) => each.name === name);
  const given = graph.inputs.filter(({ name }) => isKept(name));
  const handed = [...takes].filter((name) => !given.some((input) => input.name === name));
  const outputs = gives.map(
    (name) => graph.outputs.find((output) => output.name === name) ?? outputValue(name),
  );
  return {
    takes: [...takes],
    gives,
    written: (describe) => {
      const inputs = handed.map((name) => inputValue(name, describe(name).type, describe(name).shape));
      const nodes = [...graph.nodes.filter((node) => needed.has(node)), ...own];
      return graph.written({ nodes, initializers, inputs: [...given, ...inputs], outputs });
    },
  };
}

/** Without inputs that are left out, which have no name. */
const named = (inputs: readonly string[]) => inputs.filter((name) => name !== '');
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
