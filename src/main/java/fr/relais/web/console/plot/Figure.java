package fr.relais.web.console.plot;

import java.util.List;
import java.util.function.Consumer;

/** The parts that all plots share: caption, legend, drawing, axis of time, and the table of the figures. */
final class Figure {

    /** How many series or kinds have a look of their own. */
    static final int LOOKS = 5;

    private static final String[] MARKERS = {
        "M-3 0A3 3 0 1 0 3 0A3 3 0 1 0 -3 0Z",
        "M-3 -3H3V3H-3Z",
        "M0 -4L4 3H-4Z",
        "M0 -4L4 0L0 4L-4 0Z",
        "M-3 -3L3 3M-3 3L3 -3"
    };

    private static final String[] HATCHES = {null, "M-1 1L1 -1M0 6L6 0M5 7L7 5", "M0 1.5H6", "M1.5 0V6", "M0 3H3M3 0H6"
    };

    private Figure() {}

    /** Requires at most as many series or kinds as can be told apart. */
    static void requireLooks(List<?> series) {
        if (series.size() > LOOKS) {
            throw new IllegalArgumentException("a plot shows at most " + LOOKS + " series or kinds");
        }
    }

    static String html(String title, Consumer<Xml> content) {
        return new Xml()
                .element(
                        "figure",
                        figure -> {
                            figure.text("figcaption", title);
                            content.accept(figure);
                        },
                        "class",
                        "relais-plot")
                .toString();
    }

    /**
     * Adds the drawing.
     *
     * @param id an id that no other plot of the page has
     * @param height the height in the size of the text, or null for that of the stylesheet
     */
    static void drawing(
            Xml figure, String id, String title, String description, String look, String height, Consumer<Xml> marks) {
        figure.element(
                "svg",
                svg -> {
                    svg.text("title", title, "id", id + "-title");
                    svg.text("desc", description, "id", id + "-desc");
                    marks.accept(svg);
                },
                "class",
                "relais-plot-drawing " + look,
                "role",
                "img",
                "aria-labelledby",
                id + "-title",
                "aria-describedby",
                id + "-desc",
                "width",
                "100%",
                "height",
                height);
    }

    /** Adds the patterns with which bars are filled, so that they differ by more than their colour. */
    static void patterns(Xml svg, String id, int count) {
        svg.element("defs", defs -> {
            for (int look = 0; look < count; look++) {
                String hatch = HATCHES[look];
                defs.element(
                        "pattern",
                        pattern -> {
                            pattern.mark("rect", "width", 6, "height", 6);
                            if (hatch != null) {
                                pattern.mark("path", "d", hatch);
                            }
                        },
                        "id",
                        patternId(id, look),
                        "class",
                        "relais-plot-pattern " + look(look),
                        "width",
                        6,
                        "height",
                        6,
                        "patternUnits",
                        "userSpaceOnUse");
            }
        });
    }

    private static String patternId(String id, int look) {
        return id + "-pattern-" + (look + 1);
    }

    static String fill(String id, int look) {
        return "url(#" + patternId(id, look) + ")";
    }

    /** Returns the class of a series or kind. */
    static String look(int look) {
        return "relais-plot-look-" + (look + 1);
    }

    /** Adds the legend of bars. */
    static void legendOfBars(Xml figure, String id, List<String> names) {
        legend(
                figure,
                names,
                (key, look) -> key.mark(
                        "rect",
                        "class",
                        "relais-plot-bar " + look(look),
                        "x",
                        4,
                        "width",
                        16,
                        "height",
                        12,
                        "fill",
                        fill(id, look)));
    }

    /** Adds the legend of lines. */
    static void legendOfLines(Xml figure, List<String> names) {
        legend(figure, names, (key, look) -> {
            key.mark("path", "class", "relais-plot-line " + look(look), "d", "M0 6H24");
            key.element(
                    "svg", svg -> marker(svg, look), "x", 12, "y", 6, "width", 1, "height", 1, "overflow", "visible");
        });
    }

    static void marker(Xml svg, int look) {
        svg.mark("path", "class", "relais-plot-marker " + look(look), "d", MARKERS[look]);
    }

    private interface Key {
        void draw(Xml svg, int look);
    }

    private static void legend(Xml figure, List<String> names, Key key) {
        figure.element(
                "ul",
                list -> {
                    for (int i = 0; i < names.size(); i++) {
                        int look = i;
                        list.element("li", item -> {
                            item.element(
                                    "svg",
                                    svg -> key.draw(svg, look),
                                    "class",
                                    "relais-plot-key",
                                    "width",
                                    24,
                                    "height",
                                    12,
                                    "aria-hidden",
                                    "true");
                            item.text("span", names.get(look));
                        });
                    }
                },
                "class",
                "relais-plot-legend");
    }

    /** Adds a tick of the horizontal axis. */
    static void timeTick(Xml svg, double position, String label) {
        String x = Xml.percent(position);
        svg.mark("line", "class", "relais-plot-grid", "x1", x, "x2", x, "y1", "0%", "y2", "100%");
        svg.text(
                "text",
                label,
                "class",
                "relais-plot-time",
                "x",
                x,
                "y",
                "100%",
                "dy",
                "1.3em",
                "text-anchor",
                anchor(position));
    }

    /** Returns the side at which a text is attached, so that it stays within the drawing. */
    static String anchor(double position) {
        return position < 4 ? "start" : position > 93 ? "end" : "middle";
    }

    static void empty(Xml svg, PlotWords words) {
        svg.text("text", words.empty(), "class", "relais-plot-empty", "x", "50%", "y", "50%", "text-anchor", "middle");
    }

    /**
     * Adds the table of the figures, closed at first.
     *
     * @param look the class of the cells after the first column: {@code number}, or null
     */
    static void table(
            Xml figure, String title, PlotWords words, String look, List<String> columns, List<List<String>> rows) {
        if (rows.isEmpty()) {
            return;
        }
        figure.element(
                "details",
                details -> {
                    details.text("summary", words.figures());
                    details.element(
                            "div",
                            div -> div.element("table", table -> {
                                table.text("caption", title);
                                table.element("thead", head -> row(head, columns, "th", "col", look));
                                table.element("tbody", body -> rows.forEach(row -> row(body, row, "td", null, look)));
                            }),
                            "class",
                            "table",
                            "tabindex",
                            0,
                            "role",
                            "region",
                            "aria-label",
                            title);
                },
                "class",
                "relais-plot-figures");
    }

    private static void row(Xml part, List<String> cells, String name, String scope, String look) {
        part.element("tr", row -> {
            for (int i = 0; i < cells.size(); i++) {
                boolean isHeading = scope == null && i == 0;
                row.text(
                        isHeading ? "th" : name,
                        cells.get(i),
                        "scope",
                        isHeading ? "row" : scope,
                        "class",
                        i > 0 ? look : null);
            }
        });
    }
}
