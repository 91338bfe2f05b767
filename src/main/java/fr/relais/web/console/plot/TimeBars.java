package fr.relais.web.console.plot;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Work over time: one row with a bar for each piece of work, from its start to its end.
 *
 * @param id an id that no other plot of the page has: letters, digits and dashes
 * @param title what the plot shows
 * @param description what a person would see in the plot, for those who cannot see it
 * @param kinds the kinds of bars, up to five, as the legend names them
 * @param bars from the top to the bottom; up to 40 have their label in the plot, more have it under the pointer only
 * @param now the end of the bars of work that goes on
 * @param zone the time zone of the axis and the table
 * @param columns the headings of the table
 */
public record TimeBars(
        String id,
        String title,
        String description,
        List<String> kinds,
        List<Bar> bars,
        Instant now,
        ZoneId zone,
        Columns columns,
        PlotWords words) {

    private static final int MAX_WITH_LABELS = 40;

    /** A bar that is shorter than this share of the drawing could not be seen. */
    private static final double MIN_WIDTH = 0.3;

    /**
     * A piece of work.
     *
     * @param start null when it has not started: its row stays empty
     * @param end null while it goes on
     * @param kind the position of its kind in the list of kinds
     * @param note more about it, or an empty text
     */
    public record Bar(String label, Instant start, Instant end, int kind, String note) {}

    /** The headings of the columns of the table. */
    public record Columns(String label, String start, String end, String kind, String note) {}

    public TimeBars {
        Figure.requireLooks(kinds);
        bars.forEach(bar -> Objects.checkIndex(bar.kind(), kinds.size()));
    }

    /** Draws the bars with their legend and the table of the figures. */
    public String toHtml() {
        boolean hasLabels = bars.size() <= MAX_WITH_LABELS;
        double height = bars.isEmpty() ? 3 : bars.size() * (hasLabels ? 2.4 : 0.5);
        return Figure.html(title, figure -> {
            Figure.legendOfBars(figure, id, kinds);
            Figure.drawing(
                    figure,
                    id,
                    title,
                    description,
                    "relais-plot-bars",
                    Xml.number(height) + "em",
                    svg -> draw(svg, hasLabels));
            Figure.table(
                    figure,
                    title,
                    words,
                    null,
                    List.of(columns.label(), columns.start(), columns.end(), columns.kind(), columns.note()),
                    bars.stream().map(this::row).toList());
        });
    }

    private List<String> row(Bar bar) {
        return List.of(
                bar.label(),
                words.time(bar.start(), zone),
                words.time(bar.end(), zone),
                kinds.get(bar.kind()),
                bar.note());
    }

    private void draw(Xml svg, boolean hasLabels) {
        Figure.patterns(svg, id, kinds.size());
        List<Bar> started = bars.stream().filter(bar -> bar.start() != null).toList();
        if (started.isEmpty()) {
            Figure.empty(svg, words);
            return;
        }
        Instant first = started.stream().map(Bar::start).min(Instant::compareTo).orElseThrow();
        Instant last = started.stream().map(this::end).max(Instant::compareTo).orElseThrow();
        // Work that took no time still needs an axis.
        Instant axisEnd = last.isAfter(first.plusSeconds(1)) ? last : first.plusSeconds(1);
        double length = seconds(first, axisEnd);
        for (Map.Entry<Instant, String> tick :
                TimeTicks.times(first, axisEnd, zone, words.locale()).entrySet()) {
            Figure.timeTick(svg, 100 * seconds(first, tick.getKey()) / length, tick.getValue());
        }
        for (int row = 0; row < bars.size(); row++) {
            Bar bar = bars.get(row);
            if (bar.start() != null || hasLabels) {
                drawBar(svg, bar, row, hasLabels, first, length);
            }
        }
    }

    private void drawBar(Xml svg, Bar bar, int row, boolean hasLabels, Instant first, double length) {
        svg.element(
                "g",
                group -> {
                    group.text("title", describe(bar));
                    if (hasLabels) {
                        group.text(
                                "text",
                                bar.label(),
                                "class",
                                "relais-plot-label",
                                "x",
                                0,
                                "y",
                                Xml.percent(100.0 * row / bars.size()),
                                "dy",
                                "1em");
                    }
                    if (bar.start() != null) {
                        double width = Math.max(MIN_WIDTH, 100 * seconds(bar.start(), end(bar)) / length);
                        double x = Math.min(100 - MIN_WIDTH, 100 * seconds(first, bar.start()) / length);
                        group.mark(
                                "rect",
                                "class",
                                "relais-plot-bar " + Figure.look(bar.kind())
                                        + (bar.end() == null ? " relais-plot-running" : ""),
                                "x",
                                Xml.percent(x),
                                "y",
                                Xml.percent(100 * (row + (hasLabels ? 0.52 : 0.1)) / bars.size()),
                                "width",
                                Xml.percent(Math.min(width, 100 - x)),
                                "height",
                                Xml.percent(100 * (hasLabels ? 0.4 : 0.8) / bars.size()),
                                "fill",
                                Figure.fill(id, bar.kind()));
                    }
                },
                "class",
                "relais-plot-row");
    }

    private String describe(Bar bar) {
        return String.join(
                "\n",
                Stream.of(
                                bar.label(),
                                kinds.get(bar.kind()),
                                words.time(bar.start(), zone) + " – " + words.time(bar.end(), zone),
                                bar.note())
                        .filter(text -> !text.isBlank())
                        .toList());
    }

    /** Returns the end of a bar that has started. The clocks of two processes may differ. */
    private Instant end(Bar bar) {
        Instant end = bar.end() == null ? now : bar.end();
        return end.isBefore(bar.start()) ? bar.start() : end;
    }

    private static double seconds(Instant from, Instant to) {
        return (to.toEpochMilli() - from.toEpochMilli()) / 1000.0;
    }
}
