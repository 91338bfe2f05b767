package fr.relais.web;

import java.util.List;
import org.unbescape.html.HtmlEscape;

/**
 * The fields of a section as HTML, all text escaped. The template has the rest; with these in it too a page took ten times as long, for an
 * offer has a hundred of them.
 */
final class Markup {

    private final StringBuilder html = new StringBuilder(2_000);

    private Markup() {}

    /** What stands in a {@code dl}. */
    static String of(List<OfferPage.Entry> entries) {
        Markup markup = new Markup();
        entries.forEach(markup::entry);
        return markup.html.toString();
    }

    private void entry(OfferPage.Entry entry) {
        html.append("<div>");
        element("<dt>", entry.label(), "</dt>");
        for (List<OfferPage.Part> item : entry.items()) {
            // Each in the direction of its own script, or hostile text could turn round what stands beside it.
            html.append("<dd dir=\"auto\">");
            String before = "";
            for (OfferPage.Part part : item) {
                html.append(before);
                part(part);
                before = " · ";
            }
            html.append("</dd>");
        }
        html.append("</div>\n");
    }

    private void part(OfferPage.Part part) {
        if (part.label() != null) {
            element("<i>", part.label(), " : </i>");
        }
        if (part.href() == null) {
            element("<bdi>", part.text(), "</bdi>");
        } else {
            element("<a rel=\"nofollow noopener external\" href=\"", part.href(), "\">");
            element("", part.text(), "</a>");
        }
        if (part.meaning() != null) {
            element("<em> (", part.meaning(), ")</em>");
        }
    }

    private void element(String before, String text, String after) {
        html.append(before).append(HtmlEscape.escapeHtml4Xml(text)).append(after);
    }
}
