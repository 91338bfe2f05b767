package fr.relais.web.console;

import org.apache.camel.CamelExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.util.UriComponentsBuilder;

/** What the actions of the pages share. */
final class Actions {

    /** Says who did what, one line for each action. */
    static final Logger LOG = LoggerFactory.getLogger("fr.relais.console");

    private Actions() {}

    /** Returns the failure behind the exception of a route, so that it is handled like any other. */
    static RuntimeException cause(CamelExecutionException failure) {
        return failure.getCause() instanceof RuntimeException cause ? cause : failure;
    }

    /**
     * Returns the view that shows a page after an action, so that reloading the page does not repeat it.
     *
     * @param result the end of the key of the text that says what the action did
     */
    static String show(String path, String result) {
        return "redirect:"
                + UriComponentsBuilder.fromPath(path)
                        .queryParam("result", result)
                        .build();
    }
}
