import type { DataSource } from 'typeorm';
import type { JsonObject } from '../contracts/json/json.js';
import type { CancelService } from '../kernel/cancel-service.js';
import type { DirectiveRegistry } from '../kernel/directive-registry.js';
import type { Executor } from '../kernel/execute.js';
import { HelpRequests } from '../kernel/help-requests.js';
import type { AuditRecord, Recorder } from '../observation/record.js';
import type { RerunService } from '../replays/rerun-service.js';
import type { Blobs } from '../runs/values/blobs.js';
import { ItemSearch } from '../search/item-search.js';
import { itemTypeIn } from './call/arguments.js';
import { help } from './help.js';
import { DirectiveFiles } from './items/directive-files.js';
import { DirectiveItem } from './items/directives.item.js';
import { ExecutionItem } from './items/executions.item.js';
import type { Item } from './items/item.js';
import { KnowledgeItem } from './items/knowledge.item.js';
import { RequestItem } from './items/requests.item.js';
import { SystemItem } from './items/system.item.js';
import { Knowledge } from './knowledge/knowledge.js';
import { ThreadItem, type ThreadItemOptions } from './items/threads.item.js';
import { ToolItem } from './items/tools.item.js';
import type { RunEnds } from './call/run-ends.js';
import { needsInRun, type VerbCaller } from './call/verb-caller.js';
import type { ItemType, Verb } from './call/verb-specs.js';

export interface KernelOptions {
  dataSource: DataSource;
  registry: DirectiveRegistry;
  executor: Executor;
  ends: RunEnds;
  blobs: Blobs;
  cancelService: CancelService;
  rerunService: RerunService;
  threads: ThreadItemOptions;
  /** Absent = by text only. */
  search?: ItemSearch;
  recorder: Pick<Recorder, 'alert' | 'audit' | 'redactor'>;
  project: string;
  userHome: string;
}

/**
 * The four verbs, one implementation for every way in: HTTP, MCP, models in conversations. Rights are checked here, for
 * the speaker and for the run that calls.
 */
export class Kernel {
  readonly knowledge: Knowledge;
  private readonly items: Record<ItemType, Item>;
  private readonly requests: HelpRequests;

  constructor(private readonly options: KernelOptions) {
    const { dataSource, project, userHome, registry, recorder } = options;
    const { search = new ItemSearch() } = options;
    const audit = (record: AuditRecord) => recorder.audit(record);
    const files = new DirectiveFiles({ registry, project, userHome, audit });
    this.knowledge = new Knowledge({ dataSource, project, userHome, audit });
    const threads = new ThreadItem(options.threads);
    this.requests = new HelpRequests(options.dataSource, recorder.redactor);
    this.items = {
      directive: new DirectiveItem({ ...options, files, threads, search }),
      tool: new ToolItem({ ...options, search }),
      knowledge: new KnowledgeItem({ knowledge: this.knowledge, search }),
      system: new SystemItem(project, userHome),
      thread: threads,
      execution: new ExecutionItem(options),
      request: new RequestItem(this.requests),
    };
  }

  /**
   * Calls a verb.
   * @throws MissionError `input_invalid`, `permission_denied`, `not_found` and those of what is called
   */
  async call(verb: Verb, args: JsonObject, caller: VerbCaller): Promise<JsonObject> {
    needsInRun(caller, `execute:kernel:${verb}`, `The verb ${verb}`);
    if (verb === 'help') {
      const { recorder } = this.options;
      return help(args, caller, {
        requests: this.requests,
        alert: (record) => recorder.alert(record),
      });
    }
    const item = this.items[itemTypeIn(args)];
    if (verb === 'search') return (await item.search(args, caller)) as unknown as JsonObject;
    return verb === 'load' ? item.load(args, caller) : item.execute(args, caller);
  }
}
