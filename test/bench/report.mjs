/** Collects what was measured, says how it compares with its targets, and prints one table. */
const f = (value, digits = 1) => value.toFixed(digits);

/** Events of a history at which Temporal suggests to go on in a new one. */
const SUGGESTED = 4_096;

export class Report {
  failed = false;
  #lines = [];
  #table = [];

  /** Tells of every round on stderr, so that a long measurement is seen to go on. */
  progress(name) {
    return (round, values) => {
      const latest = Object.entries(values).map(([way, all]) => `${way} ${f(all.at(-1))}`);
      console.error(`${name} ${round}: ${latest.join(', ')}`);
    };
  }

  row({ title, unit }, { hand, fused, step }) {
    this.#table.push([`${title}, ${unit}`, f(hand), f(fused), f(step)]);
    const [name] = title;
    const slower = unit === 'ms' ? step / hand : hand / step;
    if (name === 'a') this.#atMost('a: fused / by hand', fused / hand, 0.15, 3);
    if (name === 'c') this.#atLeast('c: fused / by hand', fused / hand, 5, 2);
    this.#atMost(`${name}: time of trace: step / by hand`, slower, 1.1, 2);
    const aim = { a: 80, b: 35, c: 45 }[name];
    if (unit === 'ms') this.#aim(`${name}: fused, ms`, fused, aim, fused <= aim);
    else this.#aim(`${name}: fused, flows/s`, fused, aim, fused >= aim);
  }

  tasks(hand, step) {
    const text = ({ workflowTasks, activityTasks }) => `${workflowTasks} + ${activityTasks}`;
    const same = text(hand) === text(step);
    const what = 'workflow + activity tasks of 40 steps, trace: step';
    this.#line(what, text(step), `${text(hand)} (by hand)`, same);
  }

  commits(perStep) {
    this.#atMost('transactions a step, trace: step, beyond by hand', perStep, 2, 2);
  }

  loops(per) {
    const middle = (values) => values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)];
    const [short, long] = [middle(per[100]), middle(per[10_000])];
    this.#atMost('foreach: per item, 10,000 / 100', long / short, 1.1, 2);
    this.#atMost('foreach: 10,000 items, s', long * 10, 60, 1);
  }

  call(p50) {
    this.#atMost('a warm script call, p50, ms', p50, 0.7, 2);
  }

  memory({ rss, pss, processes }) {
    const shown = `${f(rss, 0)} (PSS ${f(pss, 0)}, ${processes} processes)`;
    this.#line('idle: RSS of all processes, MiB', shown, '≤ 1228.8', rss <= 1228.8);
  }

  items(count, seconds, before, after) {
    this.#atMost(`foreach: ${count} light items, s`, seconds, 480, 1);
    const shown = `${f(before, 0)} → ${f(after, 0)}`;
    const flat = after < before * 1.25;
    this.#line('the worker, RSS after a tenth and after all of them, MiB', shown, '< 1.25 ×', flat);
  }

  histories(seconds, lengths) {
    const most = Math.max(...lengths);
    this.#line('50,000 steps, s', f(seconds, 1), '', true);
    const shown = `${most} (${lengths.length} histories)`;
    this.#line('its longest history, events', shown, `≤ ${SUGGESTED}`, most <= SUGGESTED);
  }

  waiting(count, idle, busy) {
    const shown = `${f(idle, 0)} → ${f(busy, 0)}`;
    const target = 'at most 20 more';
    this.#line(`CPU, idle → ${count} runs wait, ms a second`, shown, target, busy - idle <= 20);
  }

  growth(from, to, ratio, memory) {
    const shown = memory.map(({ rss, pss }) => `${f(rss, 0)} (PSS ${f(pss, 0)})`).join(' → ');
    this.#line(`memory at run ${from} → ${to}, MiB`, shown, '< 1.1 ×', ratio < 1.1);
  }

  print() {
    const head = ['', 'by hand', 'fused', 'trace: step'];
    if (this.#table.length > 0) columns([head, ...this.#table]);
    columns([['', 'measured', 'target', ''], ...this.#lines]);
  }

  #line(what, measured, target, ok) {
    if (!ok) this.failed = true;
    this.#lines.push([what, measured, target, ok ? 'pass' : 'FAIL']);
  }

  #atMost(what, value, bound, digits) {
    this.#line(what, f(value, digits), `≤ ${bound}`, value <= bound);
  }

  #atLeast(what, value, bound, digits) {
    this.#line(what, f(value, digits), `≥ ${bound}`, value >= bound);
  }

  /** Absolute aims depend on the machine and on what else it does: a miss is told, and fails nothing. */
  #aim(what, value, bound, ok) {
    const sign = what.endsWith('flows/s') ? '≥' : '≤';
    this.#lines.push([
      `aim on two cores: ${what}`,
      f(value),
      `${sign} ${bound}`,
      ok ? 'pass' : 'missed',
    ]);
  }
}

function columns(rows) {
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  const cell = (text, at) => (at === 0 ? text.padEnd(widths[at]) : text.padStart(widths[at]));
  console.log(`\n${rows.map((row) => row.map(cell).join('   ').trimEnd()).join('\n')}`);
}
