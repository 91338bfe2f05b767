package fr.relais.routes;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.model.BeanFactoryDefinition;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.SimpleRegistry;

/** The beans that route files may name. */
final class Beans {

    private final Registry registry;
    /** Those of route files, which Camel binds when the context starts. */
    private final Set<String> ofFiles;

    Beans(CamelContext camel) {
        registry = camel.getRegistry();
        ofFiles = ((ModelCamelContext) camel)
                .getCustomBeans().stream().map(BeanFactoryDefinition::getName).collect(Collectors.toSet());
    }

    /** The bean of a name; null when there is none, or when a route file defines it. */
    Object find(String name) {
        return registry.lookupByName(name);
    }

    /** @param name may be null when a step names a class instead */
    void require(String name, Place place) {
        if (name != null && !name.contains("${") && find(name) == null && !ofFiles.contains(name)) {
            throw place.mistake(name, "there is no bean " + name, NearestName.remedy(name, names()));
        }
    }

    /** @param method its name, and its arguments in parentheses; may be null */
    void require(String bean, String method, Place place) {
        require(bean, place);
        Object found = bean == null || method == null || ofFiles.contains(bean) ? null : find(bean);
        if (found != null) {
            String name = method.replaceFirst("(?s)\\(.*", "").strip();
            Set<String> known = Arrays.stream(found.getClass().getMethods())
                    .filter(one -> one.getDeclaringClass() != Object.class)
                    .map(Method::getName)
                    .collect(Collectors.toCollection(TreeSet::new));
            if (name.matches("\\w+") && !known.contains(name)) {
                throw place.mistake(name, "bean " + bean + " has no method " + name, NearestName.remedy(name, known));
            }
        }
    }

    /** Without those that only the host's own registry knows. */
    private Set<String> names() {
        Set<String> names = new TreeSet<>(ofFiles);
        Registry own = registry instanceof DefaultRegistry several ? several.getFallbackRegistry() : registry;
        if (own instanceof SimpleRegistry simple) {
            names.addAll(simple.keySet());
        }
        return names;
    }
}
