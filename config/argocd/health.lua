-- The health of a SchemaGate, for Argo CD, whose Lua is 5.1 without a string library.
local health = { status = "Progressing", message = "not judged yet" }

if obj.spec ~= nil and obj.spec.suspend == true then
  health.status = "Suspended"
  health.message = "spec.suspend: nothing is run, nothing is released, nothing more is held"
  return health
end

-- What was found of an older spec says nothing about this one.
if obj.status == nil or obj.status.conditions == nil or obj.status.observedGeneration ~= obj.metadata.generation then
  return health
end

local conditions = {}
for _, condition in ipairs(obj.status.conditions) do
  conditions[condition.type] = condition
end

if conditions.Ready ~= nil then
  health.message = (conditions.Ready.reason or "") .. ": " .. (conditions.Ready.message or "")
  if conditions.Ready.status == "True" then
    health.status = "Healthy"
  elseif conditions.Stalled ~= nil and conditions.Stalled.status == "True" then
    -- No waiting will change it.
    health.status = "Degraded"
  end
end
return health
