// Times a GGUF model in llama.cpp (node-llama-cpp). Commands and answers are those of
// decoder_peer.cpp.
// Usage: node llama_cpp.mjs MODEL.gguf THREADS
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import readline from "node:readline";

const require = createRequire(process.cwd() + "/");
const { getLlama } = await import(pathToFileURL(require.resolve("node-llama-cpp")).href);
const [modelPath, threads] = process.argv.slice(2);
const llama = await getLlama({ gpu: false, build: "never", logLevel: "error", maxThreads: Number(threads) });
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({ contextSize: 1024, batchSize: 512, threads: Number(threads) });
const sequence = context.getSequence();

let next = 0;
let tokens = [];

async function evaluate(ids) {
  const begin = process.hrtime.bigint();
  const iterator = sequence.evaluate(ids, { temperature: 0 });
  const { value } = await iterator.next();
  const time = Number(process.hrtime.bigint() - begin) / 1e6;
  await iterator.return();
  next = value;
  return time;
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const [command, argument] = line.split(" ");
  const count = Number(argument);
  if (command === "prefill") {
    await sequence.clearHistory();
    console.log(await evaluate(Array.from({ length: count }, (_, i) => 3 + ((i * 7919) % 30000))));
  } else if (command === "decode") {
    tokens = [];
    let sum = 0;
    for (let i = 0; i < count; ++i) {
      tokens.push(next);
      sum += await evaluate([next]);
    }
    console.log(sum / count);
  } else {
    console.log(tokens.join(" "));
  }
}
process.exit(0);
