import fc from 'fast-check';

/**
 * Every run of the suite tries the same random cases; set FC_SEED to try
 * others.
 */
fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 1) });
