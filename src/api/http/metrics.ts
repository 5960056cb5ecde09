import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ExecutionReader } from '../../observation/readers/execution.reader.js';

type Sample = [labels: string, value: number];

const family = (name: string, type: string, help: string, samples: Sample[]) =>
  [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(([labels, value]) => `${name}${labels} ${value}`),
  ].join('\n');

/** The metrics of the process and of all runs, as Prometheus text. */
export class Metrics {
  private readonly lag = monitorEventLoopDelay();

  constructor(private readonly executions: ExecutionReader) {
    this.lag.enable();
  }

  async text(): Promise<string> {
    const families = [...this.ofProcess(), await this.ofRuns()];
    return `${families.join('\n')}\n`;
  }

  private async ofRuns(): Promise<string> {
    const counts = await this.executions.counts();
    const samples = counts.map(({ status, count }): Sample => [`{status="${status}"}`, count]);
    return family('mission_executions', 'gauge', 'Runs by status.', samples);
  }

  private ofProcess(): string[] {
    const { user, system } = process.cpuUsage();
    return [
      family('process_cpu_seconds_total', 'counter', 'CPU time spent, in seconds.', [
        ['', (user + system) / 1e6],
      ]),
      family('process_resident_memory_bytes', 'gauge', 'Resident memory, in bytes.', [
        ['', process.memoryUsage.rss()],
      ]),
      family('process_uptime_seconds', 'gauge', 'Seconds since the process started.', [
        ['', process.uptime()],
      ]),
      family('nodejs_eventloop_lag_p99_seconds', 'gauge', 'Event loop delay, 99th percentile.', [
        ['', this.lag.percentile(99) / 1e9],
      ]),
    ];
  }
}
