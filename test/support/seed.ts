import fc from 'fast-check';

/** Every run of the suite tries the same random cases; another FC_SEED tries others. */
fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 1) });
