package fr.relais.sweep;

import java.time.Instant;

/**
 * An offer that the last proved sweep did not see, and for which the source gave no usable answer.
 *
 * @param id the id of the offer
 * @param since the start of the first sweep that left it undecided
 */
public record UndecidedOffer(String id, Instant since) {}
