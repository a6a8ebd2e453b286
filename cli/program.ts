/**
 * @file The commands and their options. Each command's file is loaded when it is used, so that `--help` is quick.
 */

import { readFileSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { type CommandIo, processIo } from "./io.ts";

/** Exit codes, as the help tells them. */
export const EXIT = { ok: 0, failed: 1, badInput: 2, interrupted: 130 } as const;

/**
 * Run a command line.
 *
 * @param args - Without the names of Node and of the program.
 * @returns The exit code.
 */
export async function runProgram(args: readonly string[], io: CommandIo = processIo()): Promise<number> {
  let code: number = EXIT.ok;
  const program = buildProgram(io, args, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    const json = args.includes("--json");
    if (error instanceof CommanderError) return misused(error, io, json);
    const { reportError } = await import("./report-error.ts");
    return reportError(error, io, { json });
  }
}

// Implementation

/** The command line itself was wrong, or only asked for help. Its message stands on stderr already. */
function misused({ exitCode, message }: CommanderError, io: CommandIo, json: boolean): number {
  if (exitCode === 0) return EXIT.ok;
  if (json) io.out.write(`${JSON.stringify({ error: { code: "bad-command-line", message } })}\n`);
  return EXIT.badInput;
}

function buildProgram(io: CommandIo, args: readonly string[], done: (code: number) => void): Command {
  const program = new Command("cajal")
    .description("Recurrent networks wired like brains: from a connectome to a figure.")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .configureOutput({ writeOut: (text) => io.out.write(text), writeErr: (text) => io.err.write(text) })
    .showSuggestionAfterError()
    .showHelpAfterError("\nNothing was run. See: cajal --help")
    .exitOverride()
    .addHelpText("after", AFTER_HELP);
  addRun(program, io, args, done);
  addTrain(program, io, args, done);
  addCheck(program, io, done);
  addNew(program, io, done);
  addReport(program, io, done);
  addCompare(program, io, args, done);
  addConvert(program, io, done);
  addConnectome(program, io, done);
  return program;
}

const AFTER_HELP = `
Examples:
  cajal new memory         a first experiment, with comments, in memory/
  cajal new sorn           a network that organises itself; also: counting
  cajal new training       a network that learns a task under Dale's law
  cajal run FILE           run it, and write a report
  cajal run FILE --set network.input.gain=0.5 --dry-run

Exit codes: 0 done, 1 some jobs failed or the disk is full, 2 bad input (nothing
was run), 130 interrupted (continue with --resume).`;

const SET = "override a value, e.g. network.input.gain=0.5 (repeatable)";

function addRun(
  program: Command,
  io: CommandIo,
  args: readonly string[],
  done: (code: number) => void,
): void {
  runOptions(program.command("run"))
    .description("run an experiment and write its results and report")
    .addOption(
      new Option("--instances <n>", "most cells of a sweep in one job").argParser(wholeNumber(1, 100_000)),
    )
    .action(async (file: string, options: import("./run.ts").RunCommandOptions) => {
      const { runCommand } = await import("./run.ts");
      done(await runCommand(file, { ...options, command: commandLine(args) }, io));
    });
}

function addTrain(
  program: Command,
  io: CommandIo,
  args: readonly string[],
  done: (code: number) => void,
): void {
  runOptions(program.command("train"))
    .description("train the networks of an experiment file of kind training, as run does")
    .action(async (file: string, options: import("./run.ts").RunCommandOptions) => {
      const { trainCommand } = await import("./train.ts");
      done(await trainCommand(file, { ...options, command: commandLine(args) }, io));
    });
}

/** What `run` and `train` have in common. */
function runOptions(command: Command): Command {
  return command
    .argument("[file]", "experiment file", "experiment.yaml")
    .option("--set <path=value>", SET, collect)
    .option("--out <dir>", "run directory (default: runs/<name>-<n>)")
    .option("--resume", "continue an interrupted run; without --out, the latest one")
    .addOption(
      new Option("--workers <n>", "threads (default: all cores; 0: none, for debugging)").argParser(
        wholeNumber(0, 1024),
      ),
    )
    .addOption(
      new Option(
        "--threads <n>",
        "threads of each job whose batches have shards (default: what cores remain)",
      ).argParser(wholeNumber(1, 1024)),
    )
    .addOption(
      new Option("--save-every <s>", "seconds between saved states of a long job (default: 10)").argParser(
        positive,
      ),
    )
    .option(
      "--native",
      "compile the equations by this machine's C compiler (needs koffi); training then differs in last bits",
    )
    .option("--dry-run", "print the jobs with an estimate of time and memory, run nothing")
    .option("--json", "print one JSON object at the end on stdout, everything else on stderr");
}

function addCheck(program: Command, io: CommandIo, done: (code: number) => void): void {
  program
    .command("check")
    .description("check an experiment file, and every cell of its sweep, without running it")
    .argument("[file]", "experiment file", "experiment.yaml")
    .option("--set <path=value>", SET, collect)
    .action(async (file: string, options: { set?: string[] }) => {
      const { checkCommand } = await import("./check.ts");
      done(await checkCommand(file, options, io));
    });
}

function addNew(program: Command, io: CommandIo, done: (code: number) => void): void {
  program
    .command("new")
    .description("write a first experiment, with comments, to start from")
    .argument("[name]", "folder to make; default: here")
    .addOption(
      new Option("--template <name>", "what to start from").choices([
        "memory",
        "sorn",
        "counting",
        "training",
      ]),
    )
    .action(
      async (
        name: string | undefined,
        options: { template?: "memory" | "sorn" | "counting" | "training" },
      ) => {
        const { newCommand } = await import("./new.ts");
        done(await newCommand(name, options, io));
      },
    );
}

function addReport(program: Command, io: CommandIo, done: (code: number) => void): void {
  program
    .command("report")
    .description("write the report of a finished run again")
    .argument("<dir>", "run directory")
    .action(async (folder: string) => {
      const { reportCommand } = await import("./report.ts");
      done(await reportCommand(folder, io));
    });
}

function addCompare(
  program: Command,
  io: CommandIo,
  args: readonly string[],
  done: (code: number) => void,
): void {
  program
    .command("compare")
    .description("compare finished runs, or parts of one: learning curves, minima, effect sizes, tests")
    .argument("<run...>", "run directories; DIR:factor=value takes a part, DIR:factor splits by a factor")
    .option("--metric <name>", "metric to compare (repeatable)", collect)
    .addOption(
      new Option("--until <update>", "leave out what comes later in training").argParser(
        wholeNumber(1, 1e12),
      ),
    )
    .option("--out <file>", "write a page with figures and tables, e.g. comparison.html")
    .option("--json", "print one JSON object on stdout, everything else on stderr")
    .action(async (runs: string[], options: import("./compare.ts").CompareCommandOptions) => {
      const { compareCommand } = await import("./compare.ts");
      done(await compareCommand(runs, { ...options, command: commandLine(args) }, io));
    });
}

function addConvert(program: Command, io: CommandIo, done: (code: number) => void): void {
  program
    .command("convert")
    .description("turn a config.ini of bio_rnn_mem into an experiment file, with comments on what differs")
    .argument("<file>", "config.ini")
    .option("--out <file>", "experiment file to write (default: print it)")
    .action(async (file: string, options: { out?: string }) => {
      const { convertCommand } = await import("./convert.ts");
      done(await convertCommand(file, options, io));
    });
}

function addConnectome(program: Command, io: CommandIo, done: (code: number) => void): void {
  const connectome = program
    .command("connectome")
    .description("connectomes: what ships, and what is in a file");
  connectome
    .command("list")
    .description("the connectomes that ship with Cajal")
    .option("--json", "print JSON")
    .action(async (options: { json?: boolean }) => {
      const { listCommand } = await import("./connectome.ts");
      done(await listCommand(options, io));
    });
  connectome
    .command("info")
    .description("nodes, edges, density, components … of a connectome")
    .argument("<name-or-file>", "shipped name, or file")
    .addOption(
      new Option("--synapses <kind>", "of a shipped one")
        .choices(["chemical", "gap", "both"])
        .default("both"),
    )
    .addOption(
      new Option("--format <format>", "of a file").choices(["npy", "npz", "csv", "tsv", "edge-list"]),
    )
    .addOption(
      new Option("--orientation <o>", "what a row is").choices(["pre-post", "post-pre"]).default("pre-post"),
    )
    .addOption(new Option("--diagonal <d>", "zero: ignore it").choices(["keep", "zero"]).default("keep"))
    .option("--array <name>", "array of a .npz file")
    .option("--labels <file>", "node labels, one a line")
    .option("--json", "print JSON")
    .action(async (name: string, options: import("./connectome.ts").InfoOptions) => {
      const { infoCommand } = await import("./connectome.ts");
      done(await infoCommand(name, options, io));
    });
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${low} to ${high}.`);
  };
}

function positive(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("It must be a number above 0.");
}

/** The command as it can be pasted into a shell. */
function commandLine(args: readonly string[]): string {
  const quoted = args.map((arg) =>
    /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`,
  );
  return ["cajal", ...quoted].join(" ");
}

function version(): string {
  // Beside the build and beside the sources, package.json lies at a different distance.
  for (const up of ["../package.json", "../../package.json"]) {
    try {
      const { name, version: found } = JSON.parse(
        readFileSync(new URL(up, import.meta.url), "utf8"),
      ) as Record<string, string>;
      if (name === "cajal") return found;
    } catch {
      // Look further up.
    }
  }
  return "unknown";
}
