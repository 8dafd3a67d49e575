// Times an ONNX graph in ONNX Runtime. Reads commands "BATCH LENGTH" from standard input, a line
// each, and answers each with the milliseconds of one forward pass; the first answer of a shape is
// preceded by its outputs in OUTPUT (raw float32), so that engines can be compared.
// Usage: node onnxruntime.mjs MODEL.onnx THREADS OUTPUT
import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";
import readline from "node:readline";

const require = createRequire(process.cwd() + "/");
const ort = require("onnxruntime-node");
const [model, threads, output] = process.argv.slice(2);
const session = await ort.InferenceSession.create(model, {
  intraOpNumThreads: Number(threads),
  interOpNumThreads: 1,
  executionMode: "sequential",
  graphOptimizationLevel: "all",
});

const inputs = new Map();
for await (const line of readline.createInterface({ input: process.stdin })) {
  const [batch, length] = line.split(" ").map(Number);
  if (!inputs.has(line)) {
    const ids = new BigInt64Array(batch * length);
    for (let i = 0; i < ids.length; ++i) ids[i] = BigInt((i * 7919) % 30000);
    const feeds = { input_ids: new ort.Tensor("int64", ids, [batch, length]) };
    const result = await session.run(feeds);
    const hidden = result.last_hidden_state.data;
    writeFileSync(output, Buffer.from(hidden.buffer, hidden.byteOffset, hidden.byteLength));
    inputs.set(line, feeds);
  }
  const begin = process.hrtime.bigint();
  await session.run(inputs.get(line));
  console.log(Number(process.hrtime.bigint() - begin) / 1e6);
}
