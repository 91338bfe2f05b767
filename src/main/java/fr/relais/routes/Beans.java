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

/** The beans that route files may refer to. */
final class Beans {

    private final Registry registry;
    /** The names of the beans that route files define. Camel binds these when the context starts. */
    private final Set<String> definedInFiles;

    Beans(CamelContext camel) {
        registry = camel.getRegistry();
        definedInFiles = ((ModelCamelContext) camel)
                .getCustomBeans().stream().map(BeanFactoryDefinition::getName).collect(Collectors.toSet());
    }

    /** Returns the bean with a name; null when there is none, or when a route file defines it. */
    Object find(String name) {
        return registry.lookupByName(name);
    }

    /**
     * Makes sure that there is a bean with a name.
     *
     * @param name null when a step refers to a class instead
     */
    void require(String name, Place place) {
        if (name != null && !name.contains("${") && find(name) == null && !definedInFiles.contains(name)) {
            throw place.mistake(name, "there is no bean " + name, NearestName.remedy(name, names()));
        }
    }

    /**
     * Makes sure that there is a bean with a name, and that it has a method.
     *
     * @param method the name of the method, perhaps followed by arguments in parentheses; may be null
     */
    void require(String bean, String method, Place place) {
        require(bean, place);
        Object found = bean == null || method == null || definedInFiles.contains(bean) ? null : find(bean);
        if (found != null) {
            String name = method.replaceFirst("(?s)\\(.*", "").strip();
            Set<String> known = Arrays.stream(found.getClass().getMethods())
                    .filter(candidate -> candidate.getDeclaringClass() != Object.class)
                    .map(Method::getName)
                    .collect(Collectors.toCollection(TreeSet::new));
            if (name.matches("\\w+") && !known.contains(name)) {
                throw place.mistake(name, "bean " + bean + " has no method " + name, NearestName.remedy(name, known));
            }
        }
    }

    /** Returns the names of the beans, except for those that only the host's own registry knows. */
    private Set<String> names() {
        Set<String> names = new TreeSet<>(definedInFiles);
        Registry own = registry instanceof DefaultRegistry layered ? layered.getFallbackRegistry() : registry;
        if (own instanceof SimpleRegistry simple) {
            names.addAll(simple.keySet());
        }
        return names;
    }
}
