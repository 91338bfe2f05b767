package fr.relais.sweep;

import java.time.LocalDate;

/**
 * What the sweeps that started on one day (in UTC) have changed.
 *
 * @param created offers that the sweeps created, together
 * @param updated offers that the sweeps updated, together
 * @param removed offers that the sweeps removed, together
 * @param minutes the mean duration of a sweep
 */
public record SweepDay(LocalDate day, long created, long updated, long removed, double minutes) {}
