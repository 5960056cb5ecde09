import { MissionError } from '../../contracts/errors.js';
import type { McpServerStatus, McpState } from '../../contracts/mcp.js';
import type { McpServerConfig } from '../../platform/config/config.js';
import { Calls } from './calls.js';
import { errorText } from './wire/error-text.js';
import { fillConfig } from './fill-config.js';
import { listTools, type ToolList } from './listing/list-tools.js';
import { assertAlive } from './liveness.js';
import { isSilence } from './mcp-failure.js';
import type { Jailer } from './mcp-link.js';
import { openSession, type McpSession } from './mcp-session.js';
import type { McpTimes } from './mcp-times.js';

/** Callbacks of a connection. */
export interface ConnectionEvents {
  /** Resolves the value of a secret that the configuration names. */
  secret(name: string): Promise<string>;
  /**
   * Called after every check; `before` is the previous state, undefined at
   * first.
   */
  onStatus(status: McpServerStatus, before: McpState | undefined): void;
  /**
   * Called with the server's stderr and the lines of its stdout that are not
   * messages.
   */
  onLines(lines: string[], dropped: number): void;
  /** Called once for each new warning about the list of tools. */
  onWarning(warning: string): void;
}

/**
 * This worker's connection to one server and its status. It checks the server
 * regularly, and connects only when it is asked to.
 */
export class McpConnection {
  status: McpServerStatus;
  /** The current session; undefined when disconnected. */
  session: McpSession | undefined;
  readonly calls = new Calls();

  private connecting: Promise<void> | undefined;
  private known = false;
  private failures = 0;
  private toolsAt = 0;
  private isListed = false;
  private checking: Promise<void> | undefined;
  private readonly stopping = new AbortController();

  constructor(
    server: string,
    workerId: string,
    private readonly config: McpServerConfig,
    private readonly jail: Jailer,
    private readonly times: McpTimes,
    private readonly events: ConnectionEvents,
  ) {
    const now = new Date().toISOString();
    this.status = {
      server,
      worker_id: workerId,
      transport: config.transport,
      jailed: config.transport === 'stdio' ? config.permissions !== undefined : null,
      state: 'disconnected',
      reason: 'not connected yet',
      protocol_version: null,
      tools: [],
      warnings: [],
      since: now,
      checked_at: now,
      latency_ms: null,
    };
  }

  /**
   * Connects anew and replaces the current session; concurrent callers share
   * the attempt.
   * @throws MissionError `mcp_disconnected` with the reason
   */
  connect(): Promise<void> {
    return (this.connecting ??= this.open().finally(() => (this.connecting = undefined)));
  }

  /** Resolves when no attempt to connect is in progress. Never throws. */
  async settled(): Promise<void> {
    await this.connecting?.catch(() => undefined);
  }

  /**
   * Sends a ping, and at intervals reads the list of tools. Never throws: the
   * result is in the status.
   */
  check(timeoutMs = this.times.pingTimeoutMs): Promise<void> {
    return (this.checking ??= this.update(timeoutMs).finally(() => (this.checking = undefined)));
  }

  /** Checks the server and reads its list of tools. */
  async refresh(): Promise<void> {
    await this.checking;
    this.toolsAt = 0;
    await this.check();
  }

  /** False where the server may have tools that are not in the list. */
  get knowsTools(): boolean {
    return this.isListed && this.status.tools.length > 0;
  }

  async stop(): Promise<void> {
    this.stopping.abort(new Error('the worker is stopping'));
    this.calls.abort(this.disconnected('the worker is stopping'));
    const { session } = this;
    this.session = undefined;
    await Promise.all([session?.close(), this.settled()]);
  }

  /** The error of a disconnected server. */
  disconnected(reason: string): MissionError {
    const { server } = this.status;
    const message = `MCP server ${server} is disconnected: ${reason}`;
    return new MissionError('mcp_disconnected', message, { server, reason });
  }

  private async update(timeoutMs: number): Promise<void> {
    if (this.session && !this.connecting) await this.ping(this.session, timeoutMs);
    else if (this.known) this.report({});
  }

  private async open(): Promise<void> {
    const old = this.session;
    this.session = undefined;
    this.calls.abort(this.disconnected('it is being reconnected'));
    await old?.close();
    try {
      this.stopping.signal.throwIfAborted();
      this.session = await this.openSession();
    } catch (error) {
      const reason = (error as Error).message;
      this.report({ state: 'disconnected', reason, latency_ms: null });
      throw this.disconnected(reason);
    }
    [this.failures, this.toolsAt] = [0, 0];
    this.status = { ...this.status, protocol_version: this.session.protocolVersion };
    await this.ping(this.session, this.times.pingTimeoutMs);
  }

  private async openSession(): Promise<McpSession> {
    const { signal } = this.stopping;
    const config = await fillConfig(this.config, (name) => this.events.secret(name));
    const timeoutMs = config.startupTimeoutMs ?? this.times.connectMs;
    const session = await openSession(config, this.jail, timeoutMs, signal, {
      onClosed: (reason, from) => from === this.session && this.lost(reason),
      onToolsChanged: () => (this.toolsAt = 0),
      onLines: this.events.onLines,
    });
    if (!signal.aborted) return session;
    await session.close();
    throw signal.reason;
  }

  private lost(reason: string): void {
    this.session = undefined;
    this.report({ state: 'disconnected', reason, latency_ms: null });
    this.calls.abort(this.disconnected(reason));
  }

  private async ping(session: McpSession, timeout: number): Promise<void> {
    const start = performance.now();
    try {
      await assertAlive(session, timeout);
    } catch (error) {
      if (session === this.session) this.missed(error);
      return;
    }
    const latency = performance.now() - start;
    const fault = await this.listTools(session, timeout);
    if (session === this.session) this.answered(latency, fault);
  }

  private answered(latency: number, fault: string | null): void {
    this.failures = 0;
    const slow = latency > this.times.slowMs ? `a ping took ${Math.round(latency)} ms` : null;
    const reason = slow ?? fault;
    this.report({ state: reason ? 'degraded' : 'connected', reason, latency_ms: latency });
  }

  /**
   * Handles a missed ping. A server that works on a call may be too busy to
   * answer: silence alone then does not make it disconnected.
   */
  private missed(error: unknown): void {
    this.failures += 1;
    const silent = isSilence(error);
    const busy = silent && this.calls.count > 0;
    const reason = silent ? 'it does not answer pings' : `ping failed: ${errorText(error)}`;
    const dead = this.failures >= 2 && !busy;
    this.report({ state: dead ? 'disconnected' : 'degraded', reason, latency_ms: null });
    if (dead) this.calls.abort(this.disconnected(reason));
  }

  /**
   * Reads the list of tools when it is due; returns the reason why it is
   * incomplete, or null.
   */
  private async listTools(session: McpSession, timeoutMs: number): Promise<string | null> {
    if (Date.now() - this.toolsAt < this.times.toolsEveryMs) return null;
    const list = await listTools(session.client, timeoutMs);
    if (session === this.session) this.take(list);
    return list.fault ?? null;
  }

  /**
   * Stores a list of tools. If a page failed, the tools known before are kept.
   */
  private take({ tools, warnings, isWhole, fault }: ToolList): void {
    const before = this.status;
    for (const warning of warnings) {
      if (!before.warnings.includes(warning)) this.events.onWarning(warning);
    }
    const names = new Set(tools.map(({ name }) => name));
    const known = fault === undefined ? [] : before.tools.filter(({ name }) => !names.has(name));
    this.status = { ...before, tools: [...tools, ...known], warnings };
    this.isListed = isWhole && fault === undefined;
    if (fault === undefined) this.toolsAt = Date.now();
  }

  private report(change: Partial<McpServerStatus>): void {
    const before = this.known ? this.status.state : undefined;
    const now = new Date().toISOString();
    const moved = change.state !== undefined && change.state !== before;
    this.known = true;
    this.status = { ...this.status, ...change, ...(moved ? { since: now } : {}), checked_at: now };
    this.events.onStatus(this.status, before);
  }
}
