/**
 * Plots for the console, as HTML figures that contain SVG. A plot is a record, and {@code toHtml} draws it.
 *
 * <p>Positions are percentages of the drawing, so that a plot fills the width that it gets while its text keeps the
 * size of the text around it. Colours, line widths and dashes come from {@code plots.css}, because the content security
 * policy forbids inline styles.
 */
package fr.relais.web.console.plot;
