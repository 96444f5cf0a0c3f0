// Bundles the packages that the editor uses into the folder given, with their licences: `node build.mjs FOLDER`.
import { readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

const BUNDLES = ["codemirror", "turndown"];
const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const target = path.resolve(process.argv[2]);

const packages = new Set();
for (const name of BUNDLES) {
  const { metafile } = await build({
    absWorkingDir: here,
    entryPoints: [`${name}.js`],
    outfile: path.join(target, `${name}.js`),
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "none", // LICENSES.txt has them
    metafile: true,
    logLevel: "warning",
  });
  for (const output of Object.values(metafile.outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(output.inputs)) {
      const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file);
      if (found && bytesInOutput) packages.add(found[1]);
    }
  }
}

const texts = [];
for (const name of [...packages].sort()) {
  const folder = path.join(here, "node_modules", name);
  const { version } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} has no file with its licence.`);
  texts.push(`${name} ${version}\n\n${(await readFile(path.join(folder, file), "utf8")).trim().replaceAll("\r\n", "\n")}\n`);
}
await writeFile(path.join(target, "LICENSES.txt"), texts.join(`\n${"-".repeat(80)}\n\n`));
