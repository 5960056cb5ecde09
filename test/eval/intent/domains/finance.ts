import { ask, cancel, type Domain, explain, list, nothing, run, status, system } from '../case.js';

export const finance: Domain = {
  name: 'finance',
  directives: {
    create_invoice: {
      description: 'Creates an invoice for a customer',
      inputs: {
        customer: { type: 'string', description: 'The name of the customer', required: true },
        amount: { type: 'number', description: 'The amount in euros', required: true },
        due_date: {
          type: 'string',
          format: 'date',
          description: 'The day on which it is due',
          required: false,
        },
      },
    },
    send_reminders: {
      description: 'Sends reminders for overdue invoices',
      inputs: { dry_run: { type: 'boolean', default: false, required: false } },
    },
    monthly_report: {
      description: 'Adds up income and expenses of a month',
      inputs: { month: { type: 'string', description: 'As 2026-01', required: true } },
    },
    reconcile_bank: {
      description: 'Matches bank transactions with invoices',
      inputs: {
        account: { type: 'string', enum: ['checking', 'savings', 'paypal'], required: true },
      },
    },
    delete_invoice: {
      description: 'Deletes an invoice for good',
      inputs: {
        number: { type: 'integer', description: 'The number of the invoice', required: true },
      },
    },
    convert_currency: {
      description: 'Converts an amount of money between currencies',
      inputs: {
        amount: { type: 'number', required: true },
        from: { type: 'string', enum: ['EUR', 'USD', 'GBP'], required: true },
        to: { type: 'string', enum: ['CHF', 'JPY', 'SEK'], required: true },
      },
    },
    export_ledger: {
      description: 'Exports the ledger as a file',
      inputs: {
        format: { type: 'string', enum: ['csv', 'pdf', 'xlsx'], default: 'csv', required: false },
      },
    },
  },
  cases: [
    [
      'create an invoice for customer Contoso with amount 1200',
      run('create_invoice', { customer: 'Contoso', amount: 1200 }),
    ],
    [
      'please create an invoice customer=Acme amount=99.5',
      run('create_invoice', { customer: 'Acme', amount: 99.5 }),
    ],
    [
      'create invoice for customer "Jane Doe Ltd" amount 300',
      run('create_invoice', { customer: 'Jane Doe Ltd', amount: 300 }),
    ],
    [
      'create an invoice',
      ask('create_invoice'),
      'customer=Globex amount=10',
      run('create_invoice', { customer: 'Globex', amount: 10 }),
    ],
    [
      'create an invoice for customer Initech',
      ask('create_invoice'),
      '450',
      run('create_invoice', { customer: 'Initech', amount: 450 }),
    ],
    ['create an invoice for customer Umbrella', ask('create_invoice'), 'forget it', nothing],
    ['send the reminders', run('send_reminders')],
    ['send reminders with dry run', run('send_reminders', { dry_run: true })],
    ['can you send out reminders for overdue invoices?', run('send_reminders')],
    ['sned reminders', run('send_reminders')],
    ['monthly report for month 2026-10', run('monthly_report', { month: '2026-10' })],
    ['run the monthly report with month=2026-11', run('monthly_report', { month: '2026-11' })],
    [
      'monthly report',
      ask('monthly_report'),
      '2026-09',
      run('monthly_report', { month: '2026-09' }),
    ],
    ['reconcile the bank for checking', run('reconcile_bank', { account: 'checking' })],
    ['reconcile bank account paypal', run('reconcile_bank', { account: 'paypal' })],
    [
      'reconcile the bank',
      ask('reconcile_bank'),
      'savings please',
      run('reconcile_bank', { account: 'savings' }),
    ],
    ['reconcile the bank', ask('reconcile_bank'), 'what accounts are there?', { ask: true }],
    [
      'delete invoice 4711',
      ask('delete_invoice'),
      'yes please',
      run('delete_invoice', { number: 4711 }),
    ],
    ['delete invoice number 12', ask('delete_invoice'), 'nope', nothing],
    ['remove an invoice', ask(true)],
    ['convert 100 EUR to CHF', run('convert_currency', { amount: 100, from: 'EUR', to: 'CHF' })],
    [
      'convert currency amount 20 from usd to jpy',
      run('convert_currency', { amount: 20, from: 'USD', to: 'JPY' }),
    ],
    ['export the ledger', run('export_ledger')],
    ['export the ledger as pdf', run('export_ledger', { format: 'pdf' })],
    ['export ledger in xlsx format, thanks', run('export_ledger', { format: 'xlsx' })],
    ['what can you do?', nothing],
    ['show me everything for invoices', list('directive', /invoice/)],
    ['is there something for the bank?', list('directive', /bank/)],
    ['find directives about currency', list('directive', /currenc/)],
    ['explain reconcile_bank', explain('reconcile_bank')],
    ['what does the monthly report do?', explain('monthly_report')],
    ['how can I create an invoice?', explain('create_invoice')],
    ['did anything fail today?', status({ failed: true, since: '24h' })],
    ['what ran yesterday?', status({ since: '48h' })],
    ['show the last runs', status()],
    ['what shell do you use?', system('shell')],
    [
      'export the ledger as pdf',
      run('export_ledger', { format: 'pdf' }),
      'and csv too',
      run('export_ledger', { format: 'csv' }),
    ],
    [
      'reconcile bank account paypal',
      run('reconcile_bank', { account: 'paypal' }),
      'same for checking',
      run('reconcile_bank', { account: 'checking' }),
    ],
    ['send the reminders', run('send_reminders'), 'cancel it', cancel],
    ['hello', nothing],
    ['who are you?', nothing],
    ['do not send reminders', nothing],
  ],
};
