package fr.relais.web.console;

import java.util.List;
import org.springframework.web.util.HtmlUtils;

/** Draws the steps of a route as SVG, from top to bottom. A step with steps of its own is a box around them. */
final class RoutePicture {

    private static final int WIDTH = 760;
    private static final int ROW = 30;
    private static final int GAP = 14;
    private static final int PADDING = 12;

    /** The mean width of a character, rounded up. */
    private static final double CHARACTER = 7.6;

    private final StringBuilder svg = new StringBuilder();

    private RoutePicture() {}

    /**
     * Returns the picture.
     *
     * @param from the address from which the route starts
     * @param title what the picture shows, for those who cannot see it
     */
    static String of(String from, List<RouteStep> steps, String title) {
        RoutePicture picture = new RoutePicture();
        picture.row(new RouteStep(from, null, false, List.of()), 0, 0, WIDTH, "route-start");
        int height = picture.steps(steps, 0, ROW, WIDTH, true);
        return "<svg class=\"plot route\" role=\"group\" viewBox=\"-1 -1 " + (WIDTH + 2) + " " + (height + 2)
                + "\" aria-label=\"" + HtmlUtils.htmlEscape(title) + "\">" + picture.svg + "</svg>";
    }

    /** Draws steps below each other, and returns the y at which the last one ends. */
    private int steps(List<RouteStep> steps, int x, int top, int width, boolean isAfterStep) {
        int y = top;
        boolean hasArrow = isAfterStep;
        for (RouteStep step : steps) {
            if (hasArrow) {
                arrow(x + 24, y);
                y += GAP;
            }
            y = step.isBlock() ? box(step, x, y, width) : row(step, x, y, width, "route-step");
            hasArrow = true;
        }
        return y;
    }

    private int box(RouteStep step, int x, int y, int width) {
        int place = svg.length();
        int bottom = steps(step.steps(), x + PADDING, y + ROW, width - 2 * PADDING, false) + PADDING;
        svg.insert(place, rectangle("route-box", x, y, width, bottom - y) + text(step, x, y, width));
        return bottom;
    }

    private int row(RouteStep step, int x, int y, int width, String style) {
        String drawn =
                rectangle(step.called() == null ? style : "route-call", x, y, width, ROW) + text(step, x, y, width);
        svg.append(
                step.called() == null
                        ? drawn
                        : "<a href=\"/console/routes/" + HtmlUtils.htmlEscape(step.called()) + "\">" + drawn + "</a>");
        return y + ROW;
    }

    private void arrow(int x, int y) {
        svg.append("<path class=\"route-arrow\" d=\"M%1$d %2$dv%3$dm-4 -5l4 5l4 -5\"/>".formatted(x, y, GAP - 1));
    }

    private static String rectangle(String style, int x, int y, int width, int height) {
        return "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\"/>"
                .formatted(style, x, y, width, height);
    }

    /** Returns the label, cut to the width; the whole label is the title of the text. */
    private static String text(RouteStep step, int x, int y, int width) {
        int limit = (int) ((width - 2 * PADDING) / CHARACTER);
        String label = step.label().strip().replaceAll("\\s+", " ");
        String shown = label.length() <= limit ? label : label.substring(0, limit - 1) + "…";
        return "<text x=\"%d\" y=\"%d\">%s%s</text>"
                .formatted(
                        x + PADDING,
                        y + 20,
                        shown.equals(label) ? "" : "<title>" + HtmlUtils.htmlEscape(label) + "</title>",
                        HtmlUtils.htmlEscape(shown));
    }
}
