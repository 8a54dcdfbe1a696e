import { model } from '../../calls/model';
import { t } from '../../texts';
import { featureTitle } from '../../texts/features';

/** A group of recordings as people call it. */
export function groupName({ format, tenant_class }: { format: string; tenant_class: string }): string {
  const { formats, classes } = t().monitoring;
  const kind = formats[format] ?? format;
  return tenant_class === 'all' ? kind : `${kind}, ${classes[tenant_class] ?? tenant_class}`;
}

/** A feature, score or measure as people call it. */
export function quantityName(name: string): string {
  const { quantities } = t().monitoring;
  const member = t().result.members.names[name];
  const title = model.value?.features.find((feature) => feature.name === name)?.title ?? name;
  return quantities[name] ?? member ?? featureTitle({ feature: name, title });
}
