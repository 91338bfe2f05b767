package fr.relais.web.page;

import java.util.List;
import org.unbescape.html.HtmlEscape;

/**
 * The sections of an offer as HTML, with all text escaped. Templates render the rest of the page. If they rendered the
 * sections too, a page would take ten times as long, because an offer has about a hundred fields.
 */
final class Markup {

    private final StringBuilder html = new StringBuilder(16_000);

    private Markup() {}

    static String of(List<OfferPage.Section> sections) {
        Markup markup = new Markup();
        sections.forEach(markup::section);
        return markup.html.toString();
    }

    private void section(OfferPage.Section section) {
        element("<section class=\"relais-section relais-", section.name(), "\">\n");
        element("<h2>", section.title(), "</h2>\n<dl>\n");
        section.entries().forEach(this::entry);
        html.append("</dl>\n</section>\n");
    }

    private void entry(OfferPage.Entry entry) {
        html.append("<div>");
        element("<dt>", entry.label(), "</dt>");
        for (List<OfferPage.Part> item : entry.items()) {
            // Gives each item the direction of its own script; otherwise hostile text could reverse the text beside it.
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
