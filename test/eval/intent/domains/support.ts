import { ask, type Domain, explain, list, nothing, run, status } from '../case.js';

export const support: Domain = {
  name: 'support',
  directives: {
    open_ticket: {
      description: 'Opens a support ticket',
      inputs: {
        title: { type: 'string', required: true },
        priority: {
          type: 'string',
          enum: ['low', 'normal', 'high', 'urgent'],
          default: 'normal',
          required: false,
        },
      },
    },
    close_ticket: {
      description: 'Closes a support ticket',
      inputs: { ticket: { type: 'integer', required: true } },
    },
    assign_ticket: {
      description: 'Assigns a ticket to an agent',
      inputs: {
        ticket: { type: 'integer', required: true },
        agent: { type: 'string', required: true },
      },
    },
    refund_order: {
      description: 'Refunds an order',
      inputs: {
        order: { type: 'integer', required: true },
        reason: { type: 'string', required: false },
      },
    },
    wipe_customer: {
      description: 'Wipes all data of a customer',
      inputs: { customer: { type: 'string', required: true } },
    },
    survey_customers: {
      description: 'Sends a survey to customers of the last days',
      inputs: { days: { type: 'integer', required: true } },
    },
    translate_reply: {
      description: 'Translates a reply into a language',
      inputs: {
        language: { type: 'string', enum: ['german', 'french', 'spanish'], required: true },
        text: { type: 'string', required: true },
      },
    },
  },
  cases: [
    [
      'open a ticket with title "Printer is on fire"',
      run('open_ticket', { title: 'Printer is on fire' }),
    ],
    [
      'open an urgent ticket "No coffee"',
      run('open_ticket', { title: 'No coffee', priority: 'urgent' }),
    ],
    [
      'open ticket title="Slow VPN" priority=high',
      run('open_ticket', { title: 'Slow VPN', priority: 'high' }),
    ],
    [
      'open a ticket',
      ask('open_ticket'),
      '"Broken screen"',
      run('open_ticket', { title: 'Broken screen' }),
    ],
    ['close ticket 42', run('close_ticket', { ticket: 42 })],
    ['please close ticket number 17', run('close_ticket', { ticket: 17 })],
    ['close the ticket', ask('close_ticket'), '99', run('close_ticket', { ticket: 99 })],
    ['close the ticket', ask('close_ticket'), 'it is 7', run('close_ticket', { ticket: 7 })],
    ['assign ticket 8 to agent maria', run('assign_ticket', { ticket: 8, agent: 'maria' })],
    ['assign_ticket ticket=3 agent=tom', run('assign_ticket', { ticket: 3, agent: 'tom' })],
    [
      'assign ticket 5',
      ask('assign_ticket'),
      'lena',
      run('assign_ticket', { ticket: 5, agent: 'lena' }),
    ],
    ['asign ticket 5 to agent bob', run('assign_ticket', { ticket: 5, agent: 'bob' })],
    ['refund order 1001', run('refund_order', { order: 1001 })],
    ['could you refund order 77 please', run('refund_order', { order: 77 })],
    ['refund an order', ask('refund_order'), '5', run('refund_order', { order: 5 })],
    [
      'wipe customer acme',
      ask('wipe_customer'),
      'confirm',
      run('wipe_customer', { customer: 'acme' }),
    ],
    ['wipe the customer globex', ask('wipe_customer'), 'cancel', nothing],
    ['survey customers of the last 14 days', run('survey_customers', { days: 14 })],
    ['survey the customers', ask('survey_customers'), '30', run('survey_customers', { days: 30 })],
    [
      'translate the reply into german "Thank you"',
      run('translate_reply', { language: 'german', text: 'Thank you' }),
    ],
    [
      'translate reply language=french text="See you"',
      run('translate_reply', { language: 'french', text: 'See you' }),
    ],
    ['what directives are there for tickets?', list('directive', /ticket/)],
    ['show me the directives', list()],
    ['list scripts', list('tool')],
    ['look for refunds', list('directive', /refund/)],
    ['what is close_ticket?', explain('close_ticket')],
    ['how do I refund an order?', explain('refund_order')],
    ['what does assign ticket do', explain('assign_ticket')],
    ['anything broken today?', status({ failed: true, since: '24h' })],
    ['why?', status({ failed: true, why: true })],
    [
      'close ticket 42',
      run('close_ticket', { ticket: 42 }),
      'and ticket 43 too',
      run('close_ticket', { ticket: 43 }),
    ],
    [
      'refund order 1001',
      run('refund_order', { order: 1001 }),
      'also order 1002',
      run('refund_order', { order: 1002 }),
    ],
    ['close ticket 42', run('close_ticket', { ticket: 42 }), 'thanks', nothing],
    ['are you a human?', nothing],
    ['do not close ticket 5', nothing],
    ['lorem ipsum dolor sit amet', nothing],
  ],
};
