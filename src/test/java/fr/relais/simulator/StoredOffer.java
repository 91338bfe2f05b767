package fr.relais.simulator;

import java.time.Instant;

/**
 * An offer of the {@link SimulatedBase}.
 *
 * @param created its true creation date, in whole seconds
 * @param json the served bytes, which are never modified
 * @param raw true when the offer was given as bytes, which may not be JSON and are never rewritten
 */
record StoredOffer(String id, Instant created, String origine, byte[] json, boolean raw, Traits traits) {}
