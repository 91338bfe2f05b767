package fr.relais.web.console;

import java.util.Locale;
import org.springframework.ui.Model;

/**
 * A page in the navigation of the console. Its template is {@code console/NAME.html}, and its entry in the navigation
 * is the message {@code nav.NAME}.
 */
abstract class ConsolePage {

    private final String name;
    private final String path;
    private final int position;

    /**
     * @param name the name of the template, also the end of the path
     * @param position the place in the navigation; the first page has the lowest number, and its path is
     *     {@code /console}
     */
    ConsolePage(String name, int position) {
        this.name = name;
        this.path = position == 0 ? "/console" : "/console/" + name;
        this.position = position;
    }

    /**
     * Adds the content of the page. The console calls this method for each request and for each renewal of the regions
     * that are marked with {@code data-live}, then without a request. The model has {@code frame} and {@code format}.
     *
     * @throws org.springframework.dao.DataAccessException when the database is down
     */
    abstract void fill(Model model);

    /** Returns the format of the language of the page. */
    static Format format(Model model) {
        return (Format) model.getAttribute("format");
    }

    /** Returns the language of the page. */
    static Locale locale(Model model) {
        return ((Frame) model.getAttribute("frame")).locale();
    }

    /** Fills the model and returns the name of the template. */
    final String show(Model model) {
        fill(model);
        return template();
    }

    public final String name() {
        return name;
    }

    public final String path() {
        return path;
    }

    final String template() {
        return "console/" + name;
    }

    final int position() {
        return position;
    }
}
