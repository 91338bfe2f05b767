package fr.relais.simulator;

import java.time.Instant;

/**
 * An offer of the {@link SimulatedBase}.
 *
 * @param created its true creation date, in whole seconds
 * @param json the bytes that are served, never altered
 * @param raw whether the bytes were given as such, so that none of ours can be told from them
 */
record StoredOffer(String id, Instant created, String origine, byte[] json, boolean raw, Traits traits) {}
