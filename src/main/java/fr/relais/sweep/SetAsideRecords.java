package fr.relais.sweep;

/**
 * The records that a sweep has set aside for one reason.
 *
 * @param reason what is wrong with the records, without any quote from them
 * @param records the number of different records
 */
public record SetAsideRecords(long sweepId, String reason, int records) {}
