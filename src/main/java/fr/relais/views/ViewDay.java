package fr.relais.views;

import java.time.LocalDate;

/**
 * The views of a day, of all offers and all reporters. A view counts on the day of its own instant, or, if its month is
 * closed, on the day on which it was counted.
 *
 * @param day the day in the time zone of the reports
 * @param views the views, including those by robots and those of offers that are not in the mirror
 * @param robots the views by robots
 */
public record ViewDay(LocalDate day, long views, long robots) {}
