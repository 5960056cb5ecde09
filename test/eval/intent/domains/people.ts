import { ask, type Domain, explain, list, nothing, run, status } from '../case.js';

export const people: Domain = {
  name: 'people',
  directives: {
    onboard_employee: {
      description: 'Prepares accounts and a desk for a new employee',
      inputs: {
        name: { type: 'string', required: true },
        department: { type: 'string', enum: ['sales', 'engineering', 'finance'], required: true },
      },
    },
    offboard_employee: {
      description: 'Closes accounts of an employee who leaves and removes access',
      inputs: { name: { type: 'string', required: true } },
    },
    book_room: {
      description: 'Books a meeting room',
      inputs: {
        room: { type: 'string', required: true },
        date: { type: 'string', format: 'date', required: true },
      },
    },
    approve_vacation: {
      description: 'Approves the vacation of a person',
      inputs: {
        person: { type: 'string', required: true },
        days: { type: 'integer', required: true },
      },
    },
    payroll_run: {
      description: 'Calculates the salaries of a month',
      inputs: {
        month: { type: 'string', required: true },
        test: { type: 'boolean', default: true, required: false },
      },
    },
    birthday_list: {
      description: 'Lists the birthdays of the coming weeks',
      inputs: { weeks: { type: 'integer', default: 4, required: false } },
    },
  },
  cases: [
    [
      'onboard employee name=Ines department=sales',
      run('onboard_employee', { name: 'Ines', department: 'sales' }),
    ],
    [
      'onboard the employee "Paul Smith" in engineering',
      run('onboard_employee', { name: 'Paul Smith', department: 'engineering' }),
    ],
    [
      'onboard employee "Li Wei"',
      ask('onboard_employee'),
      'finance',
      run('onboard_employee', { name: 'Li Wei', department: 'finance' }),
    ],
    [
      'onboard an employee',
      ask('onboard_employee'),
      'name=Ola department=sales',
      run('onboard_employee', { name: 'Ola', department: 'sales' }),
    ],
    [
      'offboard employee name=Max',
      ask('offboard_employee'),
      'yes',
      run('offboard_employee', { name: 'Max' }),
    ],
    ['offboard the employee "Eva"', ask('offboard_employee'), 'no', nothing],
    ['book room berlin for 2026-12-24', run('book_room', { room: 'berlin', date: '2026-12-24' })],
    ['book the paris room on 2026-12-05', run('book_room', { room: 'paris', date: '2026-12-05' })],
    [
      'book a room',
      ask('book_room'),
      'room=oslo date=2026-12-31',
      run('book_room', { room: 'oslo', date: '2026-12-31' }),
    ],
    ['approve vacation person=Kim days=10', run('approve_vacation', { person: 'Kim', days: 10 })],
    [
      'approve the vacation of person Kim for 3 days',
      run('approve_vacation', { person: 'Kim', days: 3 }),
    ],
    ['payroll run for month 2026-11', run('payroll_run', { month: '2026-11' })],
    [
      'run payroll_run with month=2026-11 test=false',
      run('payroll_run', { month: '2026-11', test: false }),
    ],
    [
      'start the payroll run',
      ask('payroll_run'),
      '2026-12',
      run('payroll_run', { month: '2026-12' }),
    ],
    ['birthday list', run('birthday_list')],
    ['show the birthday list for 8 weeks', run('birthday_list', { weeks: 8 })],
    ['birhtday list please', run('birthday_list')],
    ['list automations', list()],
    ['find something for vacations', list('directive', /vacation/)],
    ['what is there about rooms?', list('directive', /room/)],
    ['what does payroll_run do?', explain('payroll_run')],
    ['how do I book a room?', explain('book_room')],
    ['explain the birthday list', explain('birthday_list')],
    ['which executions failed yesterday?', status({ failed: true, since: '48h' })],
    ['is it done?', status()],
    ['list the last runs', status()],
    ['birthday list', run('birthday_list'), 'repeat that', run('birthday_list')],
    [
      'book room berlin for 2026-12-24',
      run('book_room', { room: 'berlin', date: '2026-12-24' }),
      'also room rome',
      run('book_room', { room: 'rome', date: '2026-12-24' }),
    ],
    ['hey', nothing],
    ['you are great', nothing],
    ['do not run the payroll', nothing],
    ['never offboard anybody', nothing],
  ],
};
