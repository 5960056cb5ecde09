import { ask, type Domain, explain, list, nothing, run, status, system } from '../case.js';

export const warehouse: Domain = {
  name: 'warehouse',
  directives: {
    count_stock: {
      description: 'Counts the stock of an article',
      inputs: { article: { type: 'string', required: true } },
    },
    order_supplies: {
      description: 'Orders supplies from a supplier',
      inputs: {
        supplier: { type: 'string', required: true },
        quantity: { type: 'integer', required: true },
        express: { type: 'boolean', default: false, required: false },
      },
    },
    move_pallet: {
      description: 'Moves a pallet to another zone',
      inputs: {
        pallet: { type: 'string', required: true },
        zone: { type: 'string', enum: ['A1', 'B2', 'C3'], required: true },
      },
    },
    print_labels: {
      description: 'Prints labels for parcels',
      inputs: { count: { type: 'integer', default: 1, required: false } },
    },
    track_parcel: {
      description: 'Tells where a parcel is',
      inputs: { code: { type: 'string', description: 'The tracking code', required: true } },
    },
    destroy_goods: {
      description: 'Takes damaged goods out of stock to destroy them',
      inputs: { article: { type: 'string', required: true } },
    },
    inventory_report: {
      description: 'Lists the stock of all articles on a date',
      inputs: { date: { type: 'string', format: 'date', required: false } },
    },
  },
  cases: [
    ['count the stock of article bolt', run('count_stock', { article: 'bolt' })],
    ['count stock article=nut-m8', run('count_stock', { article: 'nut-m8' })],
    ['count the stock', ask('count_stock'), 'washers', run('count_stock', { article: 'washers' })],
    [
      'order supplies from supplier Bosch quantity 40',
      run('order_supplies', { supplier: 'Bosch', quantity: 40 }),
    ],
    [
      'order supplies supplier=Hilti quantity=5 express=true',
      run('order_supplies', { supplier: 'Hilti', quantity: 5, express: true }),
    ],
    [
      'order supplies from supplier Bosch quantity 4 with express',
      run('order_supplies', { supplier: 'Bosch', quantity: 4, express: true }),
    ],
    [
      'order supplies from supplier Makita',
      ask('order_supplies'),
      '12',
      run('order_supplies', { supplier: 'Makita', quantity: 12 }),
    ],
    ['move pallet p7 to zone b2', run('move_pallet', { pallet: 'p7', zone: 'B2' })],
    ['move the pallet pallet=x9 zone=C3', run('move_pallet', { pallet: 'x9', zone: 'C3' })],
    ['move pallet p7', ask('move_pallet'), 'A1', run('move_pallet', { pallet: 'p7', zone: 'A1' })],
    ['print labels', run('print_labels')],
    ['print 12 labels', run('print_labels', { count: 12 })],
    ['please print the labels for parcels', run('print_labels')],
    ['prnt labels', run('print_labels')],
    ['track parcel code ZX81', run('track_parcel', { code: 'ZX81' })],
    ['track the parcel with code=AB-12', run('track_parcel', { code: 'AB-12' })],
    ['track a parcel', ask('track_parcel'), 'QQ99', run('track_parcel', { code: 'QQ99' })],
    ['track a parcel', ask('track_parcel'), "don't", nothing],
    [
      'destroy the goods article=glass',
      ask('destroy_goods'),
      'yes',
      run('destroy_goods', { article: 'glass' }),
    ],
    ['destroy goods', ask('destroy_goods')],
    ['inventory report', run('inventory_report')],
    ['inventory report for 2026-11-30', run('inventory_report', { date: '2026-11-30' })],
    ['give me the inventory report', run('inventory_report')],
    ['what workflows do we have?', list()],
    ['find directives for parcels', list('directive', /parcel/)],
    ['search pallets', list('directive', /pallet/)],
    ['which tools can I use?', list('tool')],
    ['explain move_pallet', explain('move_pallet')],
    ['how do I track a parcel?', explain('track_parcel')],
    ['what is the inventory report?', explain('inventory_report')],
    ['what happened?', status({ failed: true, why: true })],
    ['what ran today?', status({ since: '24h' })],
    ['which runs are active?', status()],
    ['where is the project folder?', system('paths')],
    ['print labels', run('print_labels'), 'again please', run('print_labels')],
    [
      'count the stock of article bolt',
      run('count_stock', { article: 'bolt' }),
      'and article nut',
      run('count_stock', { article: 'nut' }),
    ],
    ['count the stock of article bolt', run('count_stock', { article: 'bolt' }), 'yes', nothing],
    ['hello there!', nothing],
    ['I like trains', nothing],
  ],
};
