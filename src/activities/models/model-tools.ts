import { open } from 'node:fs/promises';
import { MissionError } from '../../contracts/errors.js';
import type { JsonObject } from '../../contracts/json/json.js';
import type { McpServerStatus, McpTool } from '../../contracts/mcp.js';
import type { InputSpec, LlmStep } from '../../contracts/plan.js';
import type { ProjectScript, ScriptManifest } from '../../contracts/script.js';
import { VERBS } from '../../verbs/call/verb-specs.js';
import { readProjectManifest } from '../../platform/library/project-manifest.js';
import type { ToolSpec } from '../../contracts/model.js';

/** A tool: its name in the directive, and the specification that the model receives. */
export interface NamedTool {
  tool: string;
  spec: ToolSpec;
  /** The inputs that a project script declares: the arguments are checked against them before the call. */
  inputs?: Readonly<Record<string, InputSpec>>;
}

export interface ModelToolsOptions {
  manifests: ReadonlyMap<string, ScriptManifest>;
  findScript(name: string): Promise<ProjectScript | undefined>;
  mcp: { status(server: string): Promise<McpServerStatus> };
}

const ANYTHING = { type: 'object', properties: {}, additionalProperties: true };
const MAX_NAME_LENGTH = 64;

/** Builds the specifications of tools that a model receives. */
export class ModelTools {
  constructor(private readonly options: ModelToolsOptions) {}

  /**
   * Returns the tools of a step, each under a name that is unique among them.
   * @throws MissionError `mcp_disconnected` when the step names all tools of a server that is not connected,
   * `config_invalid` for a faulty manifest of a script
   */
  async of({ tools }: LlmStep): Promise<NamedTool[]> {
    const found = await Promise.all(tools.map((tool) => this.find(tool)));
    const taken = new Set<string>();
    return found.flat().map(({ spec, ...tool }) => ({
      ...tool,
      spec: { ...spec, name: uniqueName(spec.name, taken) },
    }));
  }

  private find(tool: string): Promise<NamedTool[]> {
    const at = tool.indexOf('/');
    return at < 0 ? this.script(tool) : this.ofServer(tool.slice(0, at), tool.slice(at + 1));
  }

  private async script(tool: string): Promise<NamedTool[]> {
    const manifest = this.options.manifests.get(tool);
    const verb = verbOf(tool);
    if (verb) {
      const { name, description, inputSchema: schema } = verb;
      return [{ tool, spec: { name, description, schema } }];
    }
    if (manifest) {
      const { description, inputs } = manifest;
      return [{ tool, spec: { name: tool, description, schema: schemaOf(inputs) } }];
    }
    const script = await this.options.findScript(tool).catch(() => undefined);
    const declared = script && (await readProjectManifest(script.file));
    const comment = declared?.description ?? (script && (await commentOf(script.file)));
    const description = comment || `The script ${tool} of the project.`;
    if (!declared) return [{ tool, spec: { name: tool, description, schema: ANYTHING } }];
    const { inputs } = declared;
    return [{ tool, inputs, spec: { name: tool, description, schema: schemaOf(inputs) } }];
  }

  private async ofServer(server: string, wanted: string): Promise<NamedTool[]> {
    const { state, tools, reason } = await this.options.mcp.status(server);
    const all = wanted === '*';
    if (all && state === 'disconnected') {
      const text = `The MCP server ${server} is not connected: ${reason ?? 'the reason is unknown'}.`;
      throw new MissionError('mcp_disconnected', text);
    }
    const listed = tools.filter(({ name }) => all || name === wanted);
    const isMissing = !all && listed.length === 0;
    const offered: McpTool[] = isMissing ? [{ name: wanted, inputSchema: ANYTHING }] : listed;
    return offered.map(({ name, description = '', inputSchema: schema }) => ({
      tool: `${server}/${name}`,
      spec: { name: `${server}__${name}`, description, schema },
    }));
  }
}

/** The verb of the kernel that a system script calls: models know it by its own name. */
const verbOf = (tool: string) => VERBS.find(({ name }) => tool === `kernel_${name}`);

/** Replaces all characters but letters, digits, `_` and `-`: providers refuse other names, even of unknown tools. At most 64 characters. */
export const plainName = (name: string): string =>
  name.replace(/[^\w-]/g, '_').slice(0, MAX_NAME_LENGTH) || '_';

function uniqueName(wanted: string, taken: Set<string>): string {
  const plain = plainName(wanted);
  let name = plain;
  for (let n = 2; taken.has(name); n++) name = `${plain.slice(0, MAX_NAME_LENGTH - 4)}_${n}`;
  taken.add(name);
  return name;
}

function schemaOf(inputs: Readonly<Record<string, InputSpec>>): JsonObject {
  const properties = Object.entries(inputs).map(([name, { required: _, ...spec }]) => [name, spec]);
  const required = Object.keys(inputs).filter((name) => inputs[name]!.required);
  return {
    type: 'object',
    properties: Object.fromEntries(properties) as JsonObject,
    required,
    additionalProperties: false,
  };
}

const HEAD_BYTES = 4096;
const COMMENT =
  /^\s*(?:#!.*\n)?\s*(?:\/\*([\s\S]*?)\*\/|"""([\s\S]*?)"""|((?:[ \t]*(?:#|\/\/).*\n?)+))/;

/** The comment at the top of a script's file; undefined when the file cannot be read. */
async function commentOf(path: string): Promise<string | undefined> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return commentIn(buffer.toString('utf8', 0, bytesRead));
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

export function commentIn(text: string): string {
  const [, block, docstring, lines] = COMMENT.exec(text) ?? [];
  const comment = block ?? docstring ?? lines ?? '';
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*(?:\/\/+|#+|\*+)? ?/, '').trimEnd())
    .join('\n')
    .trim();
}
