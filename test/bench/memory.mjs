/** Memory of all processes of an instance. */
import { readdirSync, readFileSync } from 'node:fs';

const read = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

const kib = (text, name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);

/** Processes that were started for a `MISSION_HOME`, and their children. */
function processesOf(home) {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const ours = new Set(
    all.filter((pid) =>
      ['cmdline', 'environ'].some((file) => read(`/proc/${pid}/${file}`).includes(home)),
    ),
  );
  const parent = new Map(
    all.map((pid) => [pid, /\) \S (\d+)/.exec(read(`/proc/${pid}/stat`))?.[1]]),
  );
  for (let grew = true; grew;) {
    const more = all.filter((pid) => !ours.has(pid) && ours.has(parent.get(pid)));
    for (const pid of more) ours.add(pid);
    grew = more.length > 0;
  }
  return [...ours];
}

/** MiB of the process whose command holds a text. */
export function rssOf(home, mark) {
  const pid = processesOf(home).find((each) => read(`/proc/${each}/cmdline`).includes(mark));
  return kib(read(`/proc/${pid}/status`), 'VmRSS') / 1024;
}

/** Milliseconds of CPU that all processes have used so far. */
export function cpuOf(home) {
  const ticks = processesOf(home).map((pid) => {
    const [, utime = 0, stime = 0] =
      /\) \S(?: -?\d+){10} (\d+) (\d+)/.exec(read(`/proc/${pid}/stat`)) ?? [];
    return Number(utime) + Number(stime);
  });
  return ticks.reduce((sum, each) => sum + each, 0) * 10;
}

/** `{rss, pss, processes}` in MiB; `rss` counts shared pages once per process, `pss` once in all. */
export function memoryOf(home) {
  const sum = { rss: 0, pss: 0, processes: 0 };
  for (const pid of processesOf(home)) {
    const status = read(`/proc/${pid}/status`);
    if (kib(status, 'VmRSS') === 0) continue;
    sum.processes += 1;
    sum.rss += kib(status, 'VmRSS') / 1024;
    sum.pss += kib(read(`/proc/${pid}/smaps_rollup`), 'Pss') / 1024;
  }
  return sum;
}
