package fr.relais.report;

import java.time.Instant;
import java.time.YearMonth;

/**
 * The next monthly report.
 *
 * @param month the month that it covers
 * @param at when the month will be frozen, so that its report can be sent
 */
public record NextReport(YearMonth month, Instant at) {}
