package fr.relais.web.console.plot;

import java.text.NumberFormat;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Figures by day: lines, or one stack of bars for each day. Two figures of different units need two plots, one above
 * the other.
 *
 * @param id an id that no other plot of the page has: letters, digits and dashes
 * @param title what the plot shows, with the unit
 * @param description what a person would see in the plot, for those who cannot see it
 * @param first the first day
 * @param last the last day, at most 1,100 days later
 * @param series up to five, from the bottom to the top of a stack
 */
public record TimePlot(
        String id,
        String title,
        String description,
        Form form,
        LocalDate first,
        LocalDate last,
        List<Series> series,
        PlotWords words) {

    private static final int MAX_DAYS = 1100;

    /** With more days, markers would hide the line. */
    private static final int DAYS_WITH_MARKERS = 45;

    /** How the figures are drawn. */
    public enum Form {
        LINES,
        STACKED_BARS
    }

    /**
     * The figures of one thing.
     *
     * @param name the text in the legend
     * @param values finite numbers; a day without value is a gap, which is not the same as zero
     */
    public record Series(String name, Map<LocalDate, ? extends Number> values) {
        public Series {
            values.values().stream().filter(Objects::nonNull).forEach(value -> {
                if (!Double.isFinite(value.doubleValue())) {
                    throw new IllegalArgumentException("a plot shows finite numbers only");
                }
            });
        }

        /** Returns the value of a day, or null. */
        private Double value(LocalDate day) {
            Number value = values.get(day);
            return value == null ? null : value.doubleValue();
        }
    }

    public TimePlot {
        Figure.requireLooks(series);
        if (last.isBefore(first) || last.toEpochDay() - first.toEpochDay() >= MAX_DAYS) {
            throw new IllegalArgumentException("a plot shows 1 to " + MAX_DAYS + " days");
        }
    }

    /** Draws the plot with its legend and the table of its figures. */
    public String toHtml() {
        List<LocalDate> days = TimeTicks.all(first, last);
        List<String> names = series.stream().map(Series::name).toList();
        return Figure.html(title, figure -> {
            if (form == Form.LINES) {
                Figure.legendOfLines(figure, names);
            } else {
                Figure.legendOfBars(figure, id, names);
            }
            Figure.drawing(figure, id, title, description, "relais-plot-days", null, svg -> draw(svg, days));
            Figure.table(
                    figure,
                    title,
                    words,
                    "number",
                    Stream.concat(Stream.of(words.day()), names.stream()).toList(),
                    rows(days));
        });
    }

    private void draw(Xml svg, List<LocalDate> days) {
        if (form == Form.STACKED_BARS) {
            Figure.patterns(svg, id, series.size());
        }
        double[] low = new double[days.size()];
        double[] high = new double[days.size()];
        IntStream.range(0, days.size()).forEach(i -> findRange(days.get(i), low, high, i));
        ValueAxis axis = ValueAxis.of(
                IntStream.range(0, low.length).mapToDouble(i -> low[i]).min().orElse(0),
                IntStream.range(0, high.length).mapToDouble(i -> high[i]).max().orElse(0),
                isWhole());
        drawAxes(svg, days, axis);
        for (int i = 0; i < days.size(); i++) {
            drawDay(svg, days, i, axis);
        }
        if (form == Form.LINES) {
            drawLines(svg, days, axis);
        }
        if (days.stream().noneMatch(this::hasValue)) {
            Figure.empty(svg, words);
        }
    }

    private void findRange(LocalDate day, double[] low, double[] high, int i) {
        for (Series one : series) {
            Double value = one.value(day);
            if (value != null) {
                double below = Math.min(0, value);
                double above = Math.max(0, value);
                low[i] = form == Form.LINES ? Math.min(low[i], below) : low[i] + below;
                high[i] = form == Form.LINES ? Math.max(high[i], above) : high[i] + above;
            }
        }
    }

    private void drawAxes(Xml svg, List<LocalDate> days, ValueAxis axis) {
        NumberFormat format = axis.format(words.locale());
        for (double tick : axis.ticks()) {
            String y = Xml.percent(axis.position(tick));
            svg.mark(
                    "line",
                    "class",
                    tick == 0 ? "relais-plot-axis" : "relais-plot-grid",
                    "x1",
                    "0%",
                    "x2",
                    "100%",
                    "y1",
                    y,
                    "y2",
                    y);
            svg.text(
                    "text",
                    format.format(tick),
                    "class",
                    "relais-plot-value",
                    "x",
                    0,
                    "y",
                    y,
                    "dx",
                    "-.5em",
                    "dy",
                    ".35em",
                    "text-anchor",
                    "end");
        }
        TimeTicks.days(first, last, words.locale())
                .forEach((day, label) -> Figure.timeTick(svg, center(days, days.indexOf(day)), label));
    }

    private static double center(List<LocalDate> days, int day) {
        return 100 * (day + 0.5) / days.size();
    }

    /** Adds what belongs to one day, with one text that appears under the pointer. */
    private void drawDay(Xml svg, List<LocalDate> days, int i, ValueAxis axis) {
        LocalDate day = days.get(i);
        if (!hasValue(day)) {
            return;
        }
        double width = 100.0 / days.size();
        svg.element(
                "g",
                group -> {
                    group.text("title", describe(day));
                    group.mark(
                            "rect",
                            "class",
                            "relais-plot-band",
                            "x",
                            Xml.percent(i * width),
                            "y",
                            "0%",
                            "width",
                            Xml.percent(width),
                            "height",
                            "100%");
                    if (form == Form.STACKED_BARS) {
                        drawStack(group, day, (i + 0.1) * width, 0.8 * width, axis);
                    } else {
                        drawMarkers(group, days, i, axis);
                    }
                },
                "class",
                "relais-plot-day");
    }

    private String describe(LocalDate day) {
        Function<Double, String> format = format();
        StringBuilder text = new StringBuilder(words.date(day));
        for (Series one : series) {
            if (one.value(day) != null) {
                text.append('\n').append(words.pair(one.name(), format.apply(one.value(day))));
            }
        }
        return text.toString();
    }

    private void drawStack(Xml group, LocalDate day, double x, double width, ValueAxis axis) {
        double below = 0;
        double above = 0;
        for (int look = 0; look < series.size(); look++) {
            Double value = series.get(look).value(day);
            if (value == null || value == 0) {
                continue;
            }
            double from = value < 0 ? below : above;
            double to = from + value;
            if (value < 0) {
                below = to;
            } else {
                above = to;
            }
            double top = axis.position(Math.max(from, to));
            group.mark(
                    "rect",
                    "class",
                    "relais-plot-bar " + Figure.look(look),
                    "x",
                    Xml.percent(x),
                    "y",
                    Xml.percent(top),
                    "width",
                    Xml.percent(width),
                    "height",
                    Xml.percent(axis.position(Math.min(from, to)) - top),
                    "fill",
                    Figure.fill(id, look));
        }
    }

    private void drawMarkers(Xml group, List<LocalDate> days, int i, ValueAxis axis) {
        for (int look = 0; look < series.size(); look++) {
            Series one = series.get(look);
            Double value = one.value(days.get(i));
            boolean isAlone = (i == 0 || one.value(days.get(i - 1)) == null)
                    && (i == days.size() - 1 || one.value(days.get(i + 1)) == null);
            if (value != null && (isAlone || days.size() <= DAYS_WITH_MARKERS)) {
                int marker = look;
                group.element(
                        "svg",
                        svg -> Figure.marker(svg, marker),
                        "x",
                        Xml.percent(center(days, i)),
                        "y",
                        Xml.percent(axis.position(value)),
                        "width",
                        1,
                        "height",
                        1,
                        "overflow",
                        "visible");
            }
        }
    }

    /** Adds the lines in a drawing of their own, which is stretched: points of a line cannot be percentages. */
    private void drawLines(Xml svg, List<LocalDate> days, ValueAxis axis) {
        svg.element(
                "svg",
                lines -> {
                    for (int look = 0; look < series.size(); look++) {
                        for (String points : runs(series.get(look), days, axis)) {
                            lines.mark(
                                    "polyline",
                                    "class",
                                    "relais-plot-line " + Figure.look(look),
                                    "points",
                                    points,
                                    "vector-effect",
                                    "non-scaling-stroke");
                        }
                    }
                },
                "class",
                "relais-plot-lines",
                "width",
                "100%",
                "height",
                "100%",
                "viewBox",
                "0 0 100 100",
                "preserveAspectRatio",
                "none");
    }

    /** Returns the points of each run of days without a gap. */
    private static List<String> runs(Series one, List<LocalDate> days, ValueAxis axis) {
        List<String> runs = new ArrayList<>();
        List<String> run = new ArrayList<>();
        for (int i = 0; i <= days.size(); i++) {
            Double value = i < days.size() ? one.value(days.get(i)) : null;
            if (value != null) {
                run.add(Xml.number(center(days, i)) + "," + Xml.number(axis.position(value)));
            } else {
                if (run.size() > 1) {
                    runs.add(String.join(" ", run));
                }
                run.clear();
            }
        }
        return runs;
    }

    private boolean hasValue(LocalDate day) {
        return series.stream().anyMatch(one -> one.value(day) != null);
    }

    private boolean isWhole() {
        return series.stream()
                .flatMap(one -> one.values().values().stream())
                .allMatch(value -> value == null || value.doubleValue() == Math.rint(value.doubleValue()));
    }

    private Function<Double, String> format() {
        NumberFormat format = NumberFormat.getInstance(words.locale());
        format.setMaximumFractionDigits(isWhole() ? 0 : 2);
        return format::format;
    }

    /** Returns the rows of the table, newest first, without the days that have no value. */
    private List<List<String>> rows(List<LocalDate> days) {
        Function<Double, String> format = format();
        List<List<String>> rows = new ArrayList<>();
        for (int i = days.size() - 1; i >= 0; i--) {
            LocalDate day = days.get(i);
            if (hasValue(day)) {
                List<String> row = new ArrayList<>(List.of(words.date(day)));
                series.forEach(one -> row.add(one.value(day) == null ? "" : format.apply(one.value(day))));
                rows.add(row);
            }
        }
        return rows;
    }
}
