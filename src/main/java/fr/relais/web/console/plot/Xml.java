package fr.relais.web.console.plot;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.function.Consumer;

/** Writes elements. Texts and attributes are escaped, and characters that XML does not allow are replaced. */
final class Xml {

    private static final char REPLACEMENT = '\uFFFD';

    private final StringBuilder text = new StringBuilder();

    /**
     * Adds an element with other elements in it.
     *
     * @param attributes names and values by turns; an attribute whose value is null is left out
     */
    Xml element(String name, Consumer<Xml> content, Object... attributes) {
        start(name, attributes).append('>');
        content.accept(this);
        text.append("</").append(name).append('>');
        return this;
    }

    /** Adds an element that contains only text. */
    Xml text(String name, String content, Object... attributes) {
        return element(name, xml -> xml.escape(content), attributes);
    }

    /** Adds an element of SVG without content. HTML would not understand its end in an element of its own. */
    Xml mark(String name, Object... attributes) {
        start(name, attributes).append("/>");
        return this;
    }

    private StringBuilder start(String name, Object... attributes) {
        text.append('<').append(name);
        for (int i = 0; i < attributes.length; i += 2) {
            if (attributes[i + 1] != null) {
                text.append(' ').append(attributes[i]).append("=\"");
                escape(attributes[i + 1].toString());
                text.append('"');
            }
        }
        return text;
    }

    private void escape(String content) {
        content.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> text.append("&amp;");
                case '<' -> text.append("&lt;");
                case '>' -> text.append("&gt;");
                case '"' -> text.append("&quot;");
                default -> text.appendCodePoint(isAllowed(point) ? point : REPLACEMENT);
            }
        });
    }

    private static boolean isAllowed(int point) {
        return point == '\t'
                || point == '\n'
                || point == '\r'
                || point >= ' ' && point < Character.MIN_SURROGATE
                || point > Character.MAX_SURROGATE && point < 0xFFFE
                || point > 0xFFFF;
    }

    /** Returns a percentage with three decimals at most, as attributes have it. */
    static String percent(double value) {
        return number(value) + "%";
    }

    /** Returns a number with three decimals at most, as attributes have it. */
    static String number(double value) {
        BigDecimal rounded = BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
