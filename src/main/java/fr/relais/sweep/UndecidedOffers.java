package fr.relais.sweep;

import java.time.Instant;

/**
 * The offers that the last proved sweep did not see, and for which the source gave no usable answer.
 *
 * @param count the number of these offers
 * @param since the start of the first sweep that left the oldest of them undecided
 */
public record UndecidedOffers(int count, Instant since) {}
