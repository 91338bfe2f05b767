package fr.relais.web.console;

import fr.relais.sweep.Freshness;
import java.util.List;
import java.util.Locale;

/**
 * The content that all pages of the console share.
 *
 * @param pages the pages in the order of the navigation
 * @param path the path of the page that is shown
 * @param freshness the freshness of the mirror; {@code WITHDRAWN} while the database is down
 * @param isSignedIn whether the visitor may see more than the login page
 * @param hasSession whether the visitor can sign out; false if {@code relais.console.local} opened the console
 * @param mayChange whether the visitor is an operator and not an auditor
 * @param isRenewed whether the browser reloads the page every few seconds without a script
 */
record Frame(
        List<ConsolePage> pages,
        String path,
        Locale locale,
        Freshness.Reading freshness,
        boolean isRenewed,
        boolean isSignedIn,
        boolean hasSession,
        boolean mayChange) {

    /** Returns the code of the language. */
    public String language() {
        return locale.getLanguage();
    }

    /** Returns whether the page, or a page below it, is shown. */
    public boolean isAt(ConsolePage page) {
        return path.equals(page.path()) || page.position() > 0 && path.startsWith(page.path() + "/");
    }

    /** Returns the name of the page in the navigation whose regions are renewed; empty for all other pages. */
    public String live() {
        return pages.stream()
                .filter(page -> page.path().equals(path))
                .map(ConsolePage::name)
                .findFirst()
                .orElse("");
    }
}
