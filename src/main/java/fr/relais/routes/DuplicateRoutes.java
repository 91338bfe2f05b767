package fr.relais.routes;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.model.RouteDefinition;

/**
 * A check that no two routes have the same id or {@code direct:} address. Camel would silently replace the first route,
 * or fail to start.
 */
final class DuplicateRoutes {

    private final RouteFile hooks;
    private final Map<String, RouteFile> byId = new HashMap<>();
    private final Map<String, RouteFile> byAddress = new HashMap<>();

    private DuplicateRoutes(RouteFile hooks) {
        this.hooks = hooks;
    }

    /**
     * Makes sure that there are no duplicates.
     *
     * @param hooks the packed file whose routes may be replaced one by one
     * @throws InvalidRouteFile for the first duplicate
     */
    static void refuse(List<RouteFile> files, RouteFile hooks) {
        DuplicateRoutes duplicates = new DuplicateRoutes(hooks);
        // Packed files come first, so that the mistake is reported in the other file.
        files.stream()
                .filter(file -> file != hooks)
                .sorted(Comparator.comparing(RouteFile::origin))
                .forEach(duplicates::add);
        hooks.routes().stream()
                .filter(hook -> !duplicates.byId.containsKey(hook.getId()))
                .forEach(duplicates::checkHook);
    }

    private void add(RouteFile file) {
        for (RouteDefinition route : file.routes()) {
            String id = route.getId();
            RouteFile first = id == null ? null : byId.putIfAbsent(id, file);
            if (first != null) {
                throw duplicate(file, first, "id " + id, id, "Give this one another id" + orReplace(first, file));
            }
            String address = DirectCalls.source(route);
            RouteFile other = address == null ? null : byAddress.putIfAbsent(address, file);
            if (other != null) {
                throw duplicate(
                        file,
                        other,
                        "address " + address,
                        address,
                        "Give this one another address" + orReplace(other, file));
            }
        }
    }

    /** Checks a packed hook that is in force, because no file has a route with its id. */
    private void checkHook(RouteDefinition hook) {
        String address = DirectCalls.source(hook);
        RouteFile file = byAddress.get(address);
        if (file != null) {
            throw duplicate(
                    file,
                    hooks,
                    "address " + address,
                    address,
                    "Give it the id " + hook.getId() + " to replace the hook.");
        }
    }

    private static String orReplace(RouteFile first, RouteFile second) {
        return first == second || !first.isPacked()
                ? "."
                : ", or name the file " + first.name() + " to replace the packed file.";
    }

    private static InvalidRouteFile duplicate(
            RouteFile file, RouteFile first, String what, String word, String remedy) {
        // In a single file, the mistake is in the second of the two routes.
        int line = file.line(1, word);
        return file.mistake(
                first == file ? file.line(line + 1, word) : line,
                "a route with the " + what + " is already in "
                        + (first == file ? "this file" : first.name() + (first.isPacked() ? " (packed)" : "")),
                remedy);
    }
}
