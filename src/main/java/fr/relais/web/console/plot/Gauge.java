package fr.relais.web.console.plot;

import java.time.Duration;
import java.util.List;

/**
 * A duration against two limits, such as the age of the mirror against 24 and 48 hours. The scale ends at one and a
 * half times the second limit; a longer duration is shown at its end. All figures of a gauge are in its visible text,
 * so it has no table.
 *
 * @param id an id that no other plot of the page has: letters, digits and dashes
 * @param title what the gauge shows
 * @param value null when it is not known
 * @param first the first limit, longer than zero
 * @param second the second limit, not shorter than the first
 * @param zones three words: what the duration is before the first limit, between the limits, and past the second
 */
public record Gauge(
        String id, String title, Duration value, Duration first, Duration second, List<String> zones, PlotWords words) {

    private static final List<String> LOOKS = List.of("good", "fair", "poor");

    public Gauge {
        if (first.isNegative() || first.isZero() || second.compareTo(first) < 0 || zones.size() != LOOKS.size()) {
            throw new IllegalArgumentException("a gauge has two limits in order, and three zones");
        }
    }

    /** Draws the gauge. Its caption has the title, the duration and the zone. */
    public String toHtml() {
        String caption =
                words.pair(title, value == null ? words.empty() : hours(value) + " (" + zones.get(zone()) + ")");
        String description = zones.get(0) + " < " + hours(first) + " ≤ " + zones.get(1) + " < " + hours(second) + " ≤ "
                + zones.get(2);
        return Figure.html(
                caption,
                figure -> Figure.drawing(figure, id, caption, description, "relais-plot-gauge", "5.4em", this::draw));
    }

    private int zone() {
        return value.compareTo(first) < 0 ? 0 : value.compareTo(second) < 0 ? 1 : 2;
    }

    private void draw(Xml svg) {
        double[] limits = {0, position(first), position(second), 100};
        for (int zone = 0; zone < LOOKS.size(); zone++) {
            double from = limits[zone];
            double to = limits[zone + 1];
            svg.mark(
                    "rect",
                    "class",
                    "relais-plot-zone relais-plot-" + LOOKS.get(zone),
                    "x",
                    Xml.percent(from),
                    "y",
                    "46%",
                    "width",
                    Xml.percent(to - from),
                    "height",
                    "22%");
            if (to > from) {
                svg.text(
                        "text",
                        zones.get(zone),
                        "class",
                        "relais-plot-name",
                        "x",
                        Xml.percent((from + to) / 2),
                        "y",
                        "57%",
                        "dominant-baseline",
                        "central",
                        "text-anchor",
                        "middle");
            }
        }
        limit(svg, first);
        if (second.compareTo(first) > 0) {
            limit(svg, second);
        }
        if (value != null) {
            pointer(svg, position(value));
        }
    }

    private void limit(Xml svg, Duration limit) {
        String x = Xml.percent(position(limit));
        svg.mark("line", "class", "relais-plot-axis", "x1", x, "x2", x, "y1", "43%", "y2", "73%");
        svg.text(
                "text",
                hours(limit),
                "class",
                "relais-plot-time",
                "x",
                x,
                "y",
                "73%",
                "dy",
                "1.3em",
                "text-anchor",
                "middle");
    }

    private void pointer(Xml svg, double position) {
        svg.element(
                "svg",
                mark -> mark.mark("path", "class", "relais-plot-pointer", "d", "M0 0L-7 -11H7Z"),
                "x",
                Xml.percent(position),
                "y",
                "45%",
                "width",
                1,
                "height",
                1,
                "overflow",
                "visible");
        svg.text(
                "text",
                hours(value),
                "class",
                "relais-plot-reading",
                "x",
                Xml.percent(position),
                "y",
                "0%",
                "dy",
                ".85em",
                "text-anchor",
                position < 15 ? "start" : position > 85 ? "end" : "middle");
    }

    private double position(Duration duration) {
        double share = duration.toMillis() / (1.5 * second.toMillis());
        return 100 * Math.max(0, Math.min(1, share));
    }

    /** Returns hours and minutes, which English and French write alike. */
    private static String hours(Duration duration) {
        long minutes = Math.max(0, duration.toMinutes());
        return minutes < 60
                ? minutes + " min"
                : minutes / 60 + " h" + (minutes % 60 == 0 || minutes >= 24 * 60 ? "" : " " + minutes % 60 + " min");
    }
}
